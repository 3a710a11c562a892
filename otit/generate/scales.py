"""How much is made: the real register's size, or a fraction of it."""

from dataclasses import dataclass
from typing import Final

# Accreditations of the fiscal years 2017 to 2023 as published: together 1,843,195 (2024-03-31).
ACCREDITED: Final = (63_627, 389_321, 366_167, 256_408, 171_387, 246_260, 350_025)


@dataclass(frozen=True)
class Scale:
    """Rows of each table. `accredited` are plans by fiscal year; the last year is the one that the data is made in."""

    implementing: int
    supervising: int
    sending: int
    inspections: int
    accredited: tuple[int, ...]

    @property
    def organizations(self) -> int:
        return self.implementing + self.supervising


NATIONAL: Final = Scale(70_000, 3_718, 2_300, 260_000, ACCREDITED)


def part(of: Scale, divisor: int) -> Scale:
    return Scale(
        of.implementing // divisor,
        of.supervising // divisor,
        of.sending // divisor,
        of.inspections // divisor,
        tuple(count // divisor for count in of.accredited),
    )


SCALES: Final = {"national": NATIONAL, "office": part(NATIONAL, 13), "small": part(NATIONAL, 200)}

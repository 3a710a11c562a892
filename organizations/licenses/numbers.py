"""Licence numbers: 許, two digits of the year of the application, two of the office, six running. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from otit.text import compact

_NUMBER = re.compile(r"許?([0-9]{10})号?")


@dataclass(frozen=True)
class LicenseNumber:
    digits: str

    def __str__(self) -> str:
        return f"許{self.digits}"

    @property
    def year(self) -> int:
        """The last two digits of the year of the application."""
        return int(self.digits[:2])

    @property
    def office(self) -> str:
        return self.digits[2:4]


def read_number(text: str) -> LicenseNumber | None:
    """許1708000610 in any width, with or without 許 and 号; None for anything of another shape."""
    found = _NUMBER.fullmatch(compact(text))
    return LicenseNumber(found[1]) if found else None


def made_number(on: date, office_code: str, serial: int) -> LicenseNumber:
    return LicenseNumber(f"{on.year % 100:02d}{office_code}{serial:06d}")

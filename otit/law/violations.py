"""Our own categories of violations, for entry and statistics. The table is `violation_categories.csv`.

OTIT publishes its statistics by category, but its rule from category to article is not public. So the categories are
ours, with the provisions an inspector would usually cite; the violation itself cites its provision, which may be
another. A category without provisions has none that could be confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from otit.errors import UserError
from otit.labels import Labelled
from otit.law.provisions import Provision, Register, UnknownProvision, provision, register
from otit.law.tables import LawTableError, Row, rows, table_text
from otit.law.terms import Language, TargetKind
from otit.text import N_


class ViolationGroup(Labelled):
    """Headings of the statistics."""

    STRUCTURE = "structure", N_("実施体制に関するもの")
    TRAINING = "training", N_("技能実習の実施に関するもの")
    TREATMENT = "treatment", N_("待遇に関するもの")
    FILING = "filing", N_("届出・帳簿に関するもの")
    PROTECTION = "protection", N_("技能実習生の保護に関するもの")
    OPERATION = "operation", N_("団体の運営・体制に関するもの")
    SUPERVISION = "supervision", N_("実施者に対する監理・指導に関するもの")
    FEE = "fee", N_("監理費に関するもの")
    LECTURE = "lecture", N_("入国後講習に関するもの")
    DOCUMENTS = "documents", N_("書類に関するもの")
    LABOUR = "labour", N_("労働基準関係法令に関するもの")


class UnknownCategory(UserError):
    """No category answers to this code on that day."""


@dataclass(frozen=True)
class ViolationCategory:
    """`provisions` are codes, in the order in which they are offered. `valid_to` is the last day, or open."""

    code: str
    targets: frozenset[TargetKind]
    group: ViolationGroup
    title_ja: str
    title_en: str
    provisions: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    source: str

    @property
    def labour(self) -> bool:
        """Found by Labour Standards officers, not by OTIT."""
        return self.group is ViolationGroup.LABOUR

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def title(self, language: Language) -> str:
        return self.title_ja if language == "ja" else self.title_en

    def provisions_on(self, on: date) -> list[Provision]:
        """The versions of its provisions in force on a day."""
        return [provision(code, on) for code in self.provisions]


def read_categories(text: str, law: Register, name: str = "violation_categories.csv") -> tuple[ViolationCategory, ...]:
    """Read and check a table: each code once, each provision in force on the category's first day."""
    columns = tuple(field.name for field in fields(ViolationCategory))
    found: dict[str, ViolationCategory] = {}
    for row in rows(text, name, columns):
        category = _category(row)
        if category.code in found:
            raise LawTableError(f"{row.where}: {category.code} stands in the table twice")
        for code in category.provisions:
            try:
                law.in_force(code, category.valid_from)
            except UnknownProvision as fault:
                raise LawTableError(f"{row.where}: {fault}") from fault
        found[category.code] = category
    return tuple(found.values())


def _category(row: Row) -> ViolationCategory:
    return ViolationCategory(
        code=row.text("code"),
        targets=frozenset(row.members("targets", TargetKind)),
        group=row.member("group", ViolationGroup),
        title_ja=row.text("title_ja"),
        title_en=row.text("title_en"),
        provisions=tuple((row.optional("provisions") or "").split()),
        valid_from=row.day("valid_from"),
        valid_to=row.optional_day("valid_to"),
        source=row.text("source"),
    )


@cache
def all_categories() -> tuple[ViolationCategory, ...]:
    """The table of this release, read once, in its order."""
    return read_categories(table_text("violation_categories.csv"), register())


def violation_category(code: str, on: date) -> ViolationCategory:
    """The category `code` as it is in use on a day. Raises `UnknownCategory`."""
    for category in all_categories():
        if category.code == code and category.in_force(on):
            return category
    raise UnknownCategory(N_("違反の区分「%(code)s」は登録されていません。"), {"code": code})


def otit_categories(target: TargetKind, on: date) -> list[ViolationCategory]:
    """What an OTIT inspector can find at this kind of organization on a day, in the order of the table."""
    return [category for category in _in_use(on) if target in category.targets and not category.labour]


def labour_categories(on: date) -> list[ViolationCategory]:
    """What a Labour Standards officer can find at an implementing organization on a day."""
    return [category for category in _in_use(on) if category.labour]


def _in_use(on: date) -> Iterable[ViolationCategory]:
    return (category for category in all_categories() if category.in_force(on))

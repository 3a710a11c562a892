"""Versioned provisions: what a record cites. The table is `provisions.csv`.

A provision is one place in an act (article, paragraph, item) in one version; its key is (code, valid_from). A record
stores both and so cites the version in force on the date of its fact. A new version stands in the table where the
number of a rule or the sense of its title changed; a change of wording only, or of who decides (`otit.law.authority`),
makes none. `valid_to` is the last day of the version, and open for the one in force.

Numbers shift: until 2019-09-13 a revoked accreditation was Article 10 item vi, since then it is item vii.

Titles are short paraphrases, not the text of the law. Where an item could not be confirmed it is not in the table.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import pairwise

from otit.errors import UserError
from otit.law.tables import LawTableError, Row, rows, table_text
from otit.law.terms import GROUND_CATEGORIES, Act, Category, Language, Scheme
from otit.text import N_


class ProvisionError(ValueError):
    """A provision contradicts itself."""


class UnknownProvision(UserError):
    """No provision, or no version of it, answers to this code (and version)."""


class ProvisionNotInForce(UnknownProvision):
    """The provision is known, but no version of it was in force on that day."""


@dataclass(frozen=True)
class Provision:
    """One place in an act in one version.

    `article` is a number, with `_` before a branch number (66_4 is 第66条の4). `paragraph` is None where the article
    has a single paragraph or is cited as a whole; `subitem` 1, 2, 3 are イ, ロ, ハ. `opens` is the article whose items
    this ground refers to: Art. 16(1)(iii) opens 10. `scheme` is None where the rule holds whichever the scheme.
    """

    code: str
    scheme: Scheme | None
    act: Act
    article: str
    paragraph: int | None
    item: int | None
    subitem: int | None
    category: Category
    opens: str | None
    title_ja: str
    title_en: str
    valid_from: date
    valid_to: date | None
    source: str

    def __post_init__(self) -> None:
        parts = (self.act.value, self.article, self.paragraph, self.item, self.subitem)
        expected = "-".join(str(part) for part in parts if part is not None)
        if self.code != expected:
            raise ProvisionError(f"{self.code} should be {expected}")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ProvisionError(f"{self.code} ends before it begins")

    @property
    def key(self) -> tuple[str, date]:
        """What a record stores: provision code and cited version."""
        return self.code, self.valid_from

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def title(self, language: Language) -> str:
        return self.title_ja if language == "ja" else self.title_en


class Register:
    """All provisions, checked: keys are unique and the versions of a code do not overlap."""

    def __init__(self, provisions: Iterable[Provision]):
        self._all = tuple(provisions)
        versions: dict[str, list[Provision]] = defaultdict(list)
        for provision in self._all:
            versions[provision.code].append(provision)
        self._versions: Mapping[str, tuple[Provision, ...]] = {
            code: tuple(sorted(found, key=lambda version: version.valid_from)) for code, found in versions.items()
        }
        for found in self._versions.values():
            for earlier, later in pairwise(found):
                if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                    raise LawTableError(f"{later.code}: version {later.valid_from} overlaps the one before")
        articles = {(provision.act, provision.article) for provision in self._all}
        for provision in self._all:
            if provision.opens is not None and (provision.act, provision.opens) not in articles:
                raise LawTableError(f"{provision.code} opens Article {provision.opens}, which is not in the table")

    def __iter__(self) -> Iterator[Provision]:
        return iter(self._all)

    def versions(self, code: str) -> tuple[Provision, ...]:
        """All versions of a code, oldest first."""
        try:
            return self._versions[code]
        except KeyError:
            raise UnknownProvision(N_("条文「%(code)s」は登録されていません。"), {"code": code}) from None

    def in_force(self, code: str, on: date) -> Provision:
        for version in self.versions(code):
            if version.in_force(on):
                return version
        raise ProvisionNotInForce(
            N_("条文「%(code)s」は%(on)sの時点で効力がありません。"), {"code": code, "on": on.isoformat()}
        )

    def cited(self, code: str, version: date) -> Provision:
        for found in self.versions(code):
            if found.valid_from == version:
                return found
        raise UnknownProvision(
            N_("条文「%(code)s」の%(version)s版は登録されていません。"),
            {"code": code, "version": version.isoformat()},
        )


def read_register(text: str, name: str = "provisions.csv") -> Register:
    """Read and check a table of provisions. Raises `LawTableError` that names the line."""
    columns = tuple(field.name for field in fields(Provision))
    return Register([_provision(row) for row in rows(text, name, columns)])


def _provision(row: Row) -> Provision:
    try:
        return Provision(
            code=row.text("code"),
            scheme=row.optional_member("scheme", Scheme),
            act=row.member("act", Act),
            article=row.text("article"),
            paragraph=row.number("paragraph"),
            item=row.number("item"),
            subitem=row.number("subitem"),
            category=row.member("category", Category),
            opens=row.optional("opens"),
            title_ja=row.text("title_ja"),
            title_en=row.text("title_en"),
            valid_from=row.day("valid_from"),
            valid_to=row.optional_day("valid_to"),
            source=row.text("source"),
        )
    except ProvisionError as fault:
        raise LawTableError(f"{row.where}: {fault}") from fault


@cache
def register() -> Register:
    """The table of this release, read once."""
    return read_register(table_text("provisions.csv"))


def provision(code: str, on: date) -> Provision:
    """The version of `code` in force on the day `on` (the date of the fact that cites it).

    Raises `UnknownProvision`, or `ProvisionNotInForce` where only other versions exist.
    """
    return register().in_force(code, on)


def cited_provision(code: str, version: date) -> Provision:
    """The version a record cites: its `provision_code` and `cited_version` (the version's `valid_from`)."""
    return register().cited(code, version)


def grounds(article: str, on: date, scheme: Scheme = Scheme.TIT) -> list[Provision]:
    """The grounds of an article ("15", "16", "36", "37") in force on a day, in the order of the law."""
    return [found for found in of_article(article, on, scheme) if found.category in GROUND_CATEGORIES]


def disqualifications(article: str, on: date, scheme: Scheme = Scheme.TIT) -> list[Provision]:
    """The disqualification items of Article 10 (accreditation) or 26 (licence) in force on a day, in order."""
    return [found for found in of_article(article, on, scheme) if found.category is Category.DISQUALIFICATION]


def of_article(article: str, on: date, scheme: Scheme = Scheme.TIT) -> list[Provision]:
    """Every provision of an article of the scheme's Act in force on a day, in the order of the law."""
    act = Act.ESD if scheme is Scheme.ESD else Act.TIT
    return sorted(
        (found for found in register() if (found.act, found.article) == (act, article) and found.in_force(on)),
        key=lambda found: (found.paragraph or 0, found.item or 0, found.subitem or 0),
    )


def in_category(category: Category, on: date) -> list[Provision]:
    """Every provision of a category in force on a day, in the order of the table."""
    return [found for found in register() if found.category is category and found.in_force(on)]

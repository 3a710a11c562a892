"""How the published list looks: its title, its columns in the published order and words, and its rows.

The first six columns are those of the published files; what follows is ours. The texts are those of an official
Japanese paper and are the same whatever language the screens speak.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from imports.exports.revocations import Entry, ListArticle, Number, Selection
from imports.workbook.writing import ColumnKind, OutColumn
from organizations.register.states import OrganizationKind
from otit.clock import fiscal_year_range, format_era

ACT = "技能実習法"
_NUMBER_TITLES = {
    ListArticle.ACCREDITATION_REVOCATION: ("認定番号", "認定年月日"),
    ListArticle.LICENSE_REVOCATION: ("許可番号", "許可年月日"),
    ListArticle.IMPLEMENTING_IMPROVEMENT: ("実習実施者届出受理番号", "届出受理日"),
    ListArticle.SUPERVISING_IMPROVEMENT: ("許可番号", "許可年月日"),
    ListArticle.CLASS_DOWNGRADE: ("許可番号", "許可年月日"),
    ListArticle.BUSINESS_SUSPENSION: ("許可番号", "許可年月日"),
}
_MEASURES = {
    ListArticle.ACCREDITATION_REVOCATION: "認定の取消し",
    ListArticle.LICENSE_REVOCATION: "許可の取消し",
    ListArticle.IMPLEMENTING_IMPROVEMENT: "改善命令",
    ListArticle.SUPERVISING_IMPROVEMENT: "改善命令",
    ListArticle.CLASS_DOWNGRADE: "特定監理事業への区分の変更",
    ListArticle.BUSINESS_SUSPENSION: "事業停止命令",
}
# Columns that belong to the number and so stand in every row of a body.
NUMBER_COLUMN, GRANTED_COLUMN = 3, 6
PER_NUMBER = (NUMBER_COLUMN, GRANTED_COLUMN)


@dataclass(frozen=True)
class Layout:
    title: str
    as_of: str
    columns: tuple[OutColumn, ...]


def layout(selection: Selection) -> Layout:
    article = selection.article
    target = article.aimed_at[0]
    number, granted = _NUMBER_TITLES[article]
    suspension = (OutColumn("停止期間の末日", ColumnKind.ERA_DATE, 14),)
    return Layout(
        title=f"{target.label}に対する{_MEASURES[article]}（{article_ja(article)}）　{fiscal_year_ja(selection.year)}",
        as_of=f"{format_era(selection.as_of)}現在",
        columns=(
            OutColumn("監理団体名" if target is OrganizationKind.SUPERVISING else "実習実施者名", width=30),
            OutColumn("代表者", width=16),
            OutColumn("所在地", width=34),
            OutColumn(number, ColumnKind.CODE, 18),
            OutColumn("措置理由", width=50),
            OutColumn("措置年月日", ColumnKind.ERA_DATE, 14),
            OutColumn(granted, ColumnKind.ERA_DATE, 14),
            OutColumn("処分権者", width=22),
            OutColumn("公示日", ColumnKind.ERA_DATE, 14),
            *(suspension if article is ListArticle.BUSINESS_SUSPENSION else ()),
        ),
    )


def article_ja(article: ListArticle) -> str:
    """技能実習法第16条第1項."""
    number, _bracket, paragraph = article.paragraph.partition("(")
    return f"{ACT}第{number}条第{paragraph.rstrip(')')}項"


def fiscal_year_ja(year: int) -> str:
    """平成30年度; the year in which an era changed bears the new era's name (令和元年度)."""
    return format_era(date(year, 5, 1)).partition("年")[0] + "年度"


def period_ja(year: int) -> str:
    first, last = fiscal_year_range(year)
    return f"{format_era(first)}から{format_era(last)}まで"


def row(entry: Entry, number: Number, columns: Sequence[OutColumn]) -> list[object]:
    """One row with everything in it, as long as `columns`."""
    values: list[object] = [
        entry.name,
        entry.representative,
        entry.address,
        number.number,
        entry.reason,
        entry.effective_on,
        number.granted_on,
        entry.authority.label,
        entry.published_on,
        entry.suspension_until,
    ]
    return values[: len(columns)]


def csv_rows(entries: Sequence[Entry], columns: Sequence[OutColumn]) -> Iterator[list[object]]:
    """One line for each number with the body repeated: a CSV has no merged cells, and who filters or sorts its lines
    must not lose the body they belong to."""
    return (row(entry, number, columns) for entry in entries for number in entry.numbers)

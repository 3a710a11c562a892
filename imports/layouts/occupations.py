"""職種・作業一覧: the occupations and their operations, one code a row.

An operation stands below its occupation; what it leaves blank (the name of the occupation, whether levels two and three
may follow) is that of the row above. Its days are its own: a list that adds an operation to an older occupation has
another one. They come from above only where somebody says so, by a merged cell or a ditto mark.
"""

import datetime as dt
from collections.abc import Mapping

from imports.layouts.base import CellError, Column, Continuation, Fill, Key, Layout, ParsedRow, TableContext
from imports.values import dates, lists, numbers, texts
from imports.values.base import Parsed, UnknownWord, as_text, shown
from organizations.occupations.codes import SECTORS, is_operation, sector_of
from otit.law.terms import Scheme
from otit.text import N_, compact


def _scheme(value: object) -> Parsed[str]:
    found = _scheme_in(as_text(value))
    if found is None:
        raise UnknownWord(N_("制度（技能実習または育成就労）として読み取れません：%(value)s"), {"value": shown(value)})
    return Parsed(found)


def _scheme_in(text: str) -> str | None:
    return next((scheme.value for scheme in Scheme if scheme.label in compact(text)), None)


def _transferable(value: object) -> Parsed[bool]:
    word = compact(value).removeprefix("移行") if isinstance(value, str) else ""
    return Parsed(word == "対象") if word in ("対象", "対象外") else numbers.flag(value)


_COLUMNS = (
    Column(
        "code",
        N_("職種コード"),
        ("コード", "職種・作業コード", "職種作業コード", "作業コード"),
        lists.occupation_code,
        required=True,
        filled=True,
    ),
    Column("sector", N_("分野"), ("業種", "分野・業種", "産業分野", "業種区分"), texts.line(100), fill=Fill.BLOCK),
    Column(
        "occupation_name",
        N_("職種名"),
        ("職種", "職種の名称", "職種名称"),
        texts.line(200),
        required=True,
        filled=True,
        fill=Fill.BLOCK,
    ),
    Column("operation", N_("作業名"), ("作業", "作業の名称", "作業名称"), texts.line(200)),
    Column(
        "transferable",
        N_("移行対象"),
        ("移行対象職種", "移行対象職種・作業", "移行対象の別", "移行"),
        _transferable,
        fill=Fill.BARE,
    ),
    Column("scheme", N_("制度"), ("制度区分",), _scheme, fill=Fill.BARE),
    Column(
        "valid_from",
        N_("適用開始日"),
        ("適用開始", "適用開始年月日", "適用日", "追加年月日"),
        dates.date,
        required=True,
        filled=True,
    ),
    Column("valid_until", N_("適用終了日"), ("適用終了", "適用終了年月日", "廃止年月日"), dates.date),
)


def _key(values: Mapping[str, object]) -> Key | None:
    key = tuple(values.get(name) for name in ("scheme", "code", "valid_from"))
    return None if None in key else key


def _shared(context: TableContext) -> Mapping[str, object]:
    """The scheme, from the title or the sheet's name unless each row says it; nothing said is 技能実習."""
    if "scheme" in context.fields:
        return {}
    found = (_scheme_in(text) for text in context.titles)
    return {"scheme": next((scheme for scheme in found if scheme), Scheme.TIT.value)}


def _finish(layout: Layout, row: ParsedRow) -> None:
    code = row.values.get("code")
    if row.values.get("scheme") is None and not row.has_error("scheme"):
        row.values["scheme"] = Scheme.TIT.value
    if isinstance(code, str):
        _name(layout, row, code)
        if "sector" in row.cells and row.values.get("sector") is None:
            row.values["sector"] = SECTORS.get(sector_of(code))
    valid_from, valid_until = row.values.get("valid_from"), row.values.get("valid_until")
    if isinstance(valid_from, dt.date) and isinstance(valid_until, dt.date) and valid_until < valid_from:
        _fail(layout, row, "valid_until", N_("適用終了日が適用開始日より前です。"), "end-before-start")


def _name(layout: Layout, row: ParsedRow, code: str) -> None:
    """Whether the code is that of an occupation or of an operation, and the row says the name of just that."""
    operation = row.values.get("operation")
    row.values["name"] = operation if is_operation(code) else row.values.get("occupation_name")
    if is_operation(code):
        if operation is None and not row.has_error("operation"):
            _fail(layout, row, "operation", N_("作業のコード（例：3-5-1）には作業名が必要です。"), "blank")
    elif operation is not None:
        message = N_("作業名のある行には、作業までのコード（例：3-5-1）を入力してください。")
        _fail(layout, row, "code", message, "occupation-with-operation")
    elif "occupation_name" in row.inferred:
        message = N_("職種のコード（例：3-5）の行には、その職種名を入力してください。")
        _fail(layout, row, "occupation_name", message, "name-of-another")


def _fail(layout: Layout, row: ParsedRow, name: str, message: str, code: str) -> None:
    value = row.values.get(name)
    shown_value = "" if value is None else str(value)
    title = layout.column(name).title
    row.errors.append(CellError(row.sheet, row.cell_of(name), title, message, {}, code, shown_value))


OCCUPATIONS = Layout(
    code="occupations",
    title=N_("職種・作業一覧"),
    columns=_COLUMNS,
    anchor="occupation_name",
    key=_key,
    shared=_shared,
    finish=_finish,
    continuation=Continuation.RECORD,
)

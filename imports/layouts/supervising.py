"""監理団体一覧: the list of supervising organizations as OTIT publishes it, one list for 一般 and one for 特定.

Recent editions carry no 許可番号, older ones do; the class stands in the title, the sheet's name or a column; the
status stands in the name (事業休止中); countries and occupation codes are several in a cell.
"""

import datetime as dt
from collections.abc import Mapping

from imports.layouts.base import CellError, CellWarning, Column, Key, Layout, ParsedRow, TableContext
from imports.layouts.common import (
    REMARKS,
    address_column,
    corporate_number_column,
    derive_prefecture,
    kana_column,
    phone_column,
    postal_code_column,
    prefecture_column,
    representative_column,
    split_name,
)
from imports.values import categories, dates, lists, numbers, texts
from imports.workbook.errors import UnknownLicenceClass
from otit.text import N_, match_key

_COLUMNS = (
    Column(
        "licence_number",
        N_("許可番号"),
        ("監理団体許可番号", "許可番号等"),
        numbers.licence_number,
    ),
    Column(
        "name",
        N_("監理団体名"),
        ("団体名", "名称", "法人名", "監理団体の名称", "監理団体名称", "監理団体", "監理団体名(法人名)"),
        texts.name_with_status,
        required=True,
        filled=True,
    ),
    kana_column("監理団体名フリガナ", "団体名フリガナ"),
    corporate_number_column(),
    representative_column(),
    postal_code_column(),
    prefecture_column(),
    address_column("監理団体の住所", "監理団体所在地", "監理団体住所", "監理団体の所在地"),
    phone_column(),
    Column(
        "licence_class",
        N_("許可区分"),
        ("事業区分", "監理事業の区分", "区分", "許可の区分", "監理事業区分"),
        categories.licence_class,
    ),
    Column(
        "licensed_on",
        N_("許可年月日"),
        ("許可日", "許可の年月日", "当初許可年月日"),
        dates.date,
        required=True,
        filled=True,
    ),
    Column(
        "expires_on",
        N_("許可の有効期限"),
        (
            "有効期限",
            "有効期間",
            "有効期間(満了日)",
            "許可の有効期間",
            "有効期間満了日",
            "許可有効期限",
            "許可の有効期間満了日",
        ),
        dates.date,
        required=True,
        filled=True,
    ),
    Column(
        "countries",
        N_("受入れ国"),
        ("受入国", "受け入れ国", "受入れ対象国", "送出国", "受入れ国名", "取扱国"),
        lists.countries,
        collects=True,
    ),
    Column(
        "occupations",
        N_("取扱職種"),
        ("職種コード", "取扱職種コード", "取り扱い職種", "取扱い職種", "職種", "対象職種"),
        lists.occupation_codes,
        collects=True,
    ),
    Column("care", N_("介護"), ("介護職種", "介護対応", "介護職種の取扱い", "介護の可否"), numbers.flag),
)


def _key(values: Mapping[str, object]) -> Key | None:
    """The licence number; without one, name + address + licence date + class (DOMAIN: recent lists carry no number)."""
    if values.get("licence_number"):
        return ("number", values["licence_number"])
    name, address, licensed_on = values.get("name"), values.get("address"), values.get("licensed_on")
    if not (isinstance(name, str) and isinstance(address, str) and isinstance(licensed_on, dt.date)):
        return None
    return ("name", match_key(name), match_key(address), licensed_on, values.get("licence_class"))


def _shared(context: TableContext) -> Mapping[str, object]:
    """The class of licence, from the title or the sheet's name unless each row says it."""
    if "licence_class" in context.fields:
        return {}
    for text in context.titles:
        if (found := categories.find_licence_class(text)) is not None:
            return {"licence_class": found}
    raise UnknownLicenceClass(sheet=context.sheet)


def _finish(layout: Layout, row: ParsedRow) -> None:
    split_name(row)
    derive_prefecture(layout, row)
    for name in ("countries", "occupations"):
        row.values[name] = row.values.get(name) or ()
    _check_class(layout, row)
    licensed_on, expires_on = row.values.get("licensed_on"), row.values.get("expires_on")
    if isinstance(licensed_on, dt.date) and isinstance(expires_on, dt.date):
        _check_period(layout, row, licensed_on, expires_on)


def _check_class(layout: Layout, row: ParsedRow) -> None:
    if row.values.get("licence_class") is None and not row.has_error("licence_class"):
        title = layout.column("licence_class").title
        cell = row.cell_of("licence_class")
        row.errors.append(CellError(row.sheet, cell, title, N_("必須の項目が空欄です。"), code="blank"))


def _check_period(layout: Layout, row: ParsedRow, licensed_on: dt.date, expires_on: dt.date) -> None:
    """A licence ends after it began, on the day before an anniversary of its first day (Act Art. 31)."""
    title, cell = layout.column("expires_on").title, row.cell_of("expires_on")
    if expires_on <= licensed_on:
        message = N_("有効期限が許可年月日より前です。")
        row.errors.append(CellError(row.sheet, cell, title, message, code="end-before-start"))
        return
    following = expires_on + dt.timedelta(days=1)
    leap_day = (licensed_on.month, licensed_on.day) == (2, 29) and (following.month, following.day) in ((2, 28), (3, 1))
    if (following.month, following.day) != (licensed_on.month, licensed_on.day) and not leap_day:
        message = N_("有効期限が許可年月日の応当日の前日ではありません。")
        row.warnings.append(CellWarning(row.sheet, cell, title, message, code="odd-period"))


SUPERVISING = Layout(
    code="supervising",
    title=N_("監理団体一覧"),
    columns=_COLUMNS,
    anchor="name",
    key=_key,
    shared=_shared,
    finish=_finish,
    passed_over=("事業所", "事業所名", "監理事業所", "事業所の名称", *REMARKS),
)

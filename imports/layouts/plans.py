"""技能実習計画一覧: accredited training plans, one trainee and one level each.

One body stands over several rows: its later rows may carry only what differs, down to a lone 認定番号, and one cell may
hold several 認定番号.
"""

import datetime as dt
from collections.abc import Mapping

from imports.layouts.base import CellError, Column, Continuation, Fill, Key, Layout, ParsedRow, TableContext
from imports.layouts.common import REMARKS
from imports.values import categories, dates, lists, numbers, places, texts
from imports.values.base import UnknownWord
from otit.text import N_

_COLUMNS = (
    Column(
        "accreditation_number",
        N_("認定番号"),
        ("技能実習計画認定番号", "計画認定番号", "計画番号", "認定番号(計画番号)"),
        numbers.accreditation_numbers,
        required=True,
        filled=True,
    ),
    Column(
        "implementing_name",
        N_("実習実施者名"),
        ("実習実施者", "実習実施者の名称", "実習実施者名称", "実習実施者の氏名又は名称"),
        texts.line(200),
        required=True,
        filled=True,
        fill=Fill.BLOCK,
    ),
    Column(
        "notification_number",
        N_("実習実施者届出受理番号"),
        ("届出受理番号", "届出番号", "実習実施者届出番号"),
        numbers.notification_number,
        fill=Fill.BLOCK,
    ),
    Column(
        "corporate_number",
        N_("法人番号"),
        ("実習実施者法人番号", "法人番号(13桁)", "実習実施者の法人番号"),
        numbers.corporate_number,
        fill=Fill.BLOCK,
    ),
    Column("prefecture", N_("都道府県"), ("都道府県名",), places.prefecture, fill=Fill.BLOCK),
    Column("address", N_("所在地"), ("住所", "実習実施者住所", "実習実施者所在地"), texts.line(300), fill=Fill.BLOCK),
    Column(
        "supervising_name",
        N_("監理団体名"),
        ("監理団体", "監理団体の名称", "監理団体名称"),
        texts.line(200),
        fill=Fill.BLOCK,
    ),
    Column(
        "supervising_licence_number",
        N_("許可番号"),
        ("監理団体許可番号", "監理団体の許可番号"),
        numbers.licence_number,
        fill=Fill.BLOCK,
    ),
    Column(
        "category",
        N_("区分"),
        ("技能実習の区分", "技能実習区分", "計画区分", "実習区分", "受入形態・区分"),
        categories.plan_category,
        required=True,
        filled=True,
        fill=Fill.BARE,
    ),
    Column("occupation_code", N_("職種コード"), ("職種・作業コード",), lists.occupation_code, fill=Fill.BARE),
    Column("nationality", N_("国籍"), ("国籍・地域", "国籍(地域)", "技能実習生の国籍"), lists.country, fill=Fill.BARE),
    Column(
        "accredited_on",
        N_("認定年月日"),
        ("認定日", "計画認定年月日", "認定の年月日"),
        dates.date,
        required=True,
        filled=True,
        fill=Fill.BARE,
    ),
    Column(
        "starts_on",
        N_("実習開始日"),
        ("実習開始年月日", "開始日", "実習期間(開始)", "技能実習開始日"),
        dates.date,
        fill=Fill.BARE,
    ),
    Column(
        "ends_on",
        N_("実習終了日"),
        ("実習終了年月日", "終了日", "実習期間(終了)", "技能実習終了日"),
        dates.date,
        fill=Fill.BARE,
    ),
    Column(
        "sending_number",
        N_("送出機関番号"),
        ("送出機関番号又は整理番号", "送出機関番号(整理番号)"),
        numbers.sending_organization_number,
        fill=Fill.BARE,
    ),
)
_PASSED_OVER = ("職種・作業", "職種", "職種及び作業", "職種・作業名", "作業", *REMARKS)


def _key(values: Mapping[str, object]) -> Key | None:
    number = values.get("accreditation_number")
    return (number,) if isinstance(number, str) else None


def _shared(_: TableContext) -> Mapping[str, object]:
    return {}


def _finish(layout: Layout, row: ParsedRow) -> None:
    """The end is not before the start; who trains is told by a number or a place, not by the name alone."""
    starts_on, ends_on = row.values.get("starts_on"), row.values.get("ends_on")
    if isinstance(starts_on, dt.date) and isinstance(ends_on, dt.date) and ends_on < starts_on:
        message = N_("実習終了日が実習開始日より前です。")
        cell, title = row.cell_of("ends_on"), layout.column("ends_on").title
        row.errors.append(CellError(row.sheet, cell, title, message, code="end-before-start"))
    if row.values.get("prefecture") is None and not row.has_error("prefecture"):
        row.values["prefecture"] = _prefecture_of(row.values.get("address"))


def _prefecture_of(address: object) -> str | None:
    try:
        return places.prefecture_of_address(address).value if address else None
    except UnknownWord:
        return None


PLANS = Layout(
    code="plans",
    title=N_("技能実習計画一覧"),
    columns=_COLUMNS,
    anchor="implementing_name",
    key=_key,
    shared=_shared,
    finish=_finish,
    continuation=Continuation.RECORD,
    expand="accreditation_number",
    passed_over=_PASSED_OVER,
)

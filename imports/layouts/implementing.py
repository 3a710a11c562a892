"""実習実施者一覧: implementing organizations as notified under Art. 17.

They may be individuals: no corporate number, no representative.
"""

from collections.abc import Mapping

from imports.layouts.base import Column, Key, Layout, ParsedRow, TableContext
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
from imports.values import dates, numbers, texts
from otit.text import N_, match_key

_COLUMNS = (
    Column(
        "name",
        N_("実習実施者名"),
        (
            "実習実施者",
            "実習実施者の名称",
            "実習実施者名称",
            "実習実施者の氏名又は名称",
            "名称",
            "法人名",
            "氏名又は名称",
        ),
        texts.name_with_status,
        required=True,
        filled=True,
    ),
    kana_column("実習実施者名フリガナ", "実習実施者フリガナ"),
    Column(
        "notification_number",
        N_("実習実施者届出受理番号"),
        ("届出受理番号", "届出番号", "実習実施者届出番号", "受理番号"),
        numbers.notification_number,
        required=True,
    ),
    Column(
        "notified_on",
        N_("届出受理日"),
        ("届出受理年月日", "受理年月日", "受理日", "届出日", "届出年月日"),
        dates.date,
    ),
    corporate_number_column("実習実施者法人番号"),
    representative_column(),
    postal_code_column(),
    prefecture_column(),
    address_column("実習実施者住所", "実習実施者所在地", "実習実施者の住所"),
    phone_column(),
    Column("industry", N_("業種"), ("産業分類", "業種(産業分類)", "産業分類(大・中)"), texts.line(200)),
    Column(
        "full_time_staff",
        N_("常勤職員数"),
        ("常勤職員総数", "常勤の職員数", "常勤職員の総数", "職員数"),
        numbers.count(),
    ),
)
_PASSED_OVER = (
    *("事業所名", "事業所", "実習実施場所", "実習を行う事業所"),
    *("技能実習責任者", "技能実習責任者名", "実習責任者"),
    *("監理団体名", "監理団体", "監理団体の名称", "監理団体名称"),
    *("監理団体許可番号", "許可番号"),
    *REMARKS,
)


def _key(values: Mapping[str, object]) -> Key | None:
    """The notification number, else the corporate number, else name and address (an individual not yet numbered)."""
    for number in ("notification_number", "corporate_number"):
        if values.get(number):
            return (number, values[number])
    name, address = values.get("name"), values.get("address")
    if isinstance(name, str) and isinstance(address, str):
        return ("name", match_key(name), match_key(address))
    return None


def _shared(_: TableContext) -> Mapping[str, object]:
    return {}


def _finish(layout: Layout, row: ParsedRow) -> None:
    split_name(row)
    derive_prefecture(layout, row)


IMPLEMENTING = Layout(
    code="implementing",
    title=N_("実習実施者一覧"),
    columns=_COLUMNS,
    anchor="name",
    key=_key,
    shared=_shared,
    finish=_finish,
    passed_over=_PASSED_OVER,
)

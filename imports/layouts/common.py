"""Columns that several layouts have, and what is derived from them."""

from imports.layouts.base import CellError, CellWarning, Column, Fill, Layout, ParsedRow
from imports.values import numbers, places, texts
from imports.values.base import ValueProblem, shown
from otit.places import PREFECTURES
from otit.text import N_

REMARKS = ("備考", "摘要", "特記事項")


def kana_column(*synonyms: str, fill: Fill = Fill.NEVER) -> Column:
    names = ("カナ", "ふりがな", "フリガナ(カナ)", "名称フリガナ", *synonyms)
    return Column("name_kana", N_("フリガナ"), names, texts.line(300), fill=fill)


def corporate_number_column(*synonyms: str, fill: Fill = Fill.NEVER) -> Column:
    return Column(
        "corporate_number", N_("法人番号"), ("法人番号(13桁)", *synonyms), numbers.corporate_number, fill=fill
    )


def representative_column(*synonyms: str) -> Column:
    names = ("代表者名", "代表者氏名", "代表者職氏名", "代表者の氏名", "代表者職・氏名", *synonyms)
    return Column("representative", N_("代表者"), names, texts.line(200))


def postal_code_column() -> Column:
    return Column("postal_code", N_("郵便番号"), ("〒", "郵便"), places.postal_code)


def prefecture_column(*synonyms: str, fill: Fill = Fill.NEVER) -> Column:
    return Column("prefecture", N_("都道府県"), ("都道府県名", "県名", *synonyms), places.prefecture, fill=fill)


def address_column(*synonyms: str, required: bool = True, fill: Fill = Fill.NEVER) -> Column:
    names = ("所在地", "本店所在地", "主たる事務所の所在地", "住所(所在地)", "都道府県・住所", *synonyms)
    return Column("address", N_("住所"), names, texts.line(300), required=required, filled=required, fill=fill)


def phone_column() -> Column:
    names = ("TEL", "電話", "連絡先", "連絡先電話番号", "TEL番号", "代表電話番号")
    return Column("phone", N_("電話番号"), names, texts.phone)


def split_name(row: ParsedRow) -> None:
    """`name` was read as (name, status): put each in its own field. The status is None when the name carries none."""
    pair = row.values.get("name")
    name, status = pair if isinstance(pair, tuple) else (pair, None)
    if pair is not None or "name" in row.values:
        row.values["name"] = name
    row.values["status"] = status


def derive_prefecture(layout: Layout, row: ParsedRow) -> None:
    """The prefecture from its column, or else from the beginning of the address.

    An address without a prefecture is an error only when there is no column for it; when both are there and disagree,
    the column counts and a warning says so.
    """
    if row.has_error("prefecture") or row.values.get("address") is None:
        return
    stated = row.values.get("prefecture")
    try:
        from_address = places.prefecture_of_address(row.values["address"]).value
    except ValueProblem as problem:
        if stated is None:
            _fail(layout, row, problem)
        return
    if stated is None:
        row.values["prefecture"] = from_address
    elif stated != from_address:
        message = N_("都道府県の列（%(stated)s）と住所の都道府県（%(found)s）が異なります。")
        params = {"stated": PREFECTURES[str(stated)], "found": PREFECTURES[from_address]}
        cell, title = row.cell_of("prefecture"), layout.column("prefecture").title
        row.warnings.append(CellWarning(row.sheet, cell, title, message, params, "prefecture-differs"))


def _fail(layout: Layout, row: ParsedRow, problem: ValueProblem) -> None:
    title = layout.column("address").title
    value = shown(row.values["address"])
    row.errors.append(
        CellError(row.sheet, row.cell_of("address"), title, problem.message, problem.params, problem.code, value)
    )

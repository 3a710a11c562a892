"""Workbooks for tests, made as people make them: titles, merged two-row headers, era dates, notes below the table.
All names are invented."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from imports.layouts.base import ParsedRow
from imports.layouts.registry import recognize
from imports.layouts.rows import parse_rows
from imports.layouts.tables import Recognized
from imports.workbook.reading import open_workbook

SUPERVISING_HEADER = (
    "監理団体名",
    "フリガナ",
    "都道府県",
    "住所",
    "電話番号",
    "許可年月日",
    "許可の\n有効期限",
    "受入れ国",
    "取扱職種",
    "介護",
)
SUPERVISING_ROW = (
    "みかん山協同組合",
    "ミカンヤマキョウドウクミアイ",
    "愛媛県",
    "松山市架空町1丁目2番3号",
    "089-999-0001",
    "平成30年1月31日",
    "令和12年1月30日",
    "中国、ベトナム",
    "1-1、3-4",
    "○",
)
IMPLEMENTING_HEADER = (
    "実習実施者名",
    "フリガナ",
    "届出受理番号",
    "届出受理日",
    "法人番号",
    "代表者",
    "郵便番号",
    "住所",
    "電話番号",
    "業種",
    "常勤職員数",
    "監理団体名",
)
IMPLEMENTING_ROW = (
    "株式会社架空縫製",
    "カブシキガイシャカクウホウセイ",
    "1711000001",
    "R2.4.1",
    None,
    "代表取締役 仮野太郎",
    "790-0001",
    "愛媛県松山市架空町4-5",
    "089-999-0002",
    "繊維工業",
    "35名",
    "みかん山協同組合",
)
PLAN_HEADER = (
    "認定番号",
    "実習実施者名",
    "届出受理番号",
    "法人番号",
    "監理団体名",
    "区分",
    "職種コード",
    "職種・作業",
    "国籍",
    "認定年月日",
    "実習開始日",
    "実習終了日",
    "所在地",
)
PLAN_ROW = (
    "認1711001206",
    "株式会社架空縫製",
    "1711000001",
    None,
    "みかん山協同組合",
    "D",
    "5-4",
    "婦人子供服製造",
    "ベトナム",
    "平成30年2月20日",
    "2018/4/1",
    "2019/3/31",
    "愛媛県松山市架空町4-5",
)
OCCUPATION_HEADER = ("職種コード", "分野", "職種名", "作業名", "移行対象", "適用開始日", "適用終了日")
# An occupation with its operations, which leave blank what is the same; then one that has ended.
OCCUPATION_ROWS = (
    ("3-6", "建設", "型枠施工", None, "○", "平成29年11月1日", None),
    ("3－6－1", None, None, "型枠工事作業", None, "〃", None),
    ("3-7", "建設", "鉄筋施工", None, "○", "平成29年11月1日", None),
    ("3-7-1", None, None, "鉄筋組立て作業", None, "平成29年11月1日", None),
    ("7-90", "その他", "架空職種", None, "×", "H29.11.1", "R5.3.31"),
)


def workbook_bytes(build: Callable[[Workbook], None]) -> bytes:
    """A workbook with one sheet named 一覧, changed by `build` and saved."""
    workbook = Workbook()
    active = workbook.active
    assert isinstance(active, Worksheet)
    active.title = "一覧"
    build(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def table_bytes(rows: Iterable[Sequence[object]], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook with one sheet of these rows; `change` may merge, hide or overwrite before it is saved."""

    def build(workbook: Workbook) -> None:
        sheet = workbook["一覧"]
        for row in rows:
            sheet.append(list(row))
        if change:
            change(sheet)

    return workbook_bytes(build)


def supervising_list(*rows: Sequence[object], title: str = "一般監理事業 監理団体一覧(令和8年7月27日現在)") -> bytes:
    return table_bytes([(title,), (), SUPERVISING_HEADER, *rows])


def occupation_list(*rows: Sequence[object], title: str = "移行対象職種・作業一覧(令和8年11月1日現在)") -> bytes:
    """With a title above and a note below."""
    return table_bytes([(title,), (), OCCUPATION_HEADER, *rows, (), ("※ 抜粋である。",)])


def changed(row: Sequence[object], header: Sequence[str], **values: object) -> tuple[object, ...]:
    """The row with other values, named by their header (許可の\\n有効期限 without the line break)."""
    names = [name.replace("\n", "") for name in header]
    copy = list(row)
    for name, value in values.items():
        copy[names.index(name)] = value
    return tuple(copy)


def with_parts(data: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The zip with parts replaced, added, or (None) left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = parts.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in parts.items():
            if content is not None and name not in old.namelist():
                new.writestr(name, content)
    return stream.getvalue()


def recognized(data: bytes, filename: str = "一覧.xlsx") -> Recognized:
    return recognize(open_workbook(data, filename))


def records(data: bytes, filename: str = "一覧.xlsx") -> list[ParsedRow]:
    return list(parse_rows(recognized(data, filename)))

"""Why a file as a whole is refused. Each class is one reason, with a stable `code`, so that the command line and the
page can tell them apart without reading the text."""

from typing import ClassVar

from otit.errors import UserError
from otit.text import N_


class WorkbookError(UserError):
    """A file that is not taken in at all; nothing of it is stored."""

    code: ClassVar[str] = "workbook"
    text: ClassVar[str] = N_("ファイルを読み込めません。")

    def __init__(self, **params: object) -> None:
        super().__init__(self.text, params)


class NotAWorkbook(WorkbookError):
    code = "not-a-workbook"
    text = N_("「%(filename)s」はExcelブック（.xlsx）またはCSVファイルではないか、壊れています。")


class EmptyFile(WorkbookError):
    code = "empty-file"
    text = N_("「%(filename)s」は空のファイルです。")


class PasswordProtected(WorkbookError):
    code = "password-protected"
    text = N_("「%(filename)s」はパスワードで保護されています。パスワードを解除して保存し直してください。")


class OldExcelFormat(WorkbookError):
    code = "old-excel-format"
    text = N_(
        "「%(filename)s」は古いExcel形式（.xls）です。Excelで開き、「Excelブック（.xlsx）」として保存し直してください。"
    )


class BinaryWorkbook(WorkbookError):
    code = "binary-workbook"
    text = N_(
        "「%(filename)s」はバイナリブック（.xlsb）です。Excelで開き、「Excelブック（.xlsx）」として保存し直してください。"
    )


class MacroWorkbook(WorkbookError):
    code = "macro-workbook"
    text = N_(
        "「%(filename)s」にはマクロが含まれています。マクロのない「Excelブック（.xlsx）」として保存し直してください。"
    )


class UnsafeWorkbook(WorkbookError):
    code = "unsafe-workbook"
    text = N_("「%(filename)s」には、Excelブックに許されない定義（DTD）が含まれているため読み込みません。")


class FileTooLarge(WorkbookError):
    code = "file-too-large"
    text = N_("「%(filename)s」は大きすぎます（%(size)s MB）。上限は%(limit)s MBです。")


class InflatedTooLarge(WorkbookError):
    code = "inflated-too-large"
    text = N_("「%(filename)s」は展開すると大きすぎます（上限%(limit)s MB）。ファイルを分けてください。")


class TooManyRows(WorkbookError):
    code = "too-many-rows"
    text = N_("行が多すぎます（シート「%(sheet)s」まで）。上限は%(limit)s行です。ファイルを分けてください。")


class TooManyColumns(WorkbookError):
    code = "too-many-columns"
    text = N_("シート「%(sheet)s」の列が多すぎます（%(column)s列まで使用）。上限は%(limit)s列です。")


class SheetTooSparse(WorkbookError):
    code = "sheet-too-sparse"
    text = N_(
        "シート「%(sheet)s」は、離れたセル（%(cell)s）まで使われていて範囲が広すぎます。表の外にある値を削除してください。"
    )


class TooManyMergedCells(WorkbookError):
    code = "too-many-merged-cells"
    text = N_("シート「%(sheet)s」の結合セルが多すぎます。上限は%(limit)s個です。")


class HiddenSheet(WorkbookError):
    code = "hidden-sheet"
    text = N_("非表示のシート「%(sheet)s」にデータがあります。再表示するか、削除してから読み込んでください。")


class HiddenColumn(WorkbookError):
    code = "hidden-column"
    text = N_(
        "シート「%(sheet)s」の%(column)s列（%(header)s）が非表示です。再表示するか、削除してから読み込んでください。"
    )


class UnknownEncoding(WorkbookError):
    code = "unknown-encoding"
    text = N_(
        "CSVファイル「%(filename)s」の文字コードが分かりません。UTF-8またはShift_JIS（CP932）で保存してください。"
    )


class BrokenCsv(WorkbookError):
    code = "broken-csv"
    text = N_("CSVファイル「%(filename)s」の%(line)s行目付近が壊れています（引用符や改行を確かめてください）。")


class UnknownLayout(WorkbookError):
    code = "unknown-layout"
    text = N_(
        "表の見出しから種類を判定できません。監理団体一覧、実習実施者一覧、技能実習計画一覧、職種・作業一覧のいずれかの"
        "見出し行が必要です。"
    )


class MissingHeaders(WorkbookError):
    code = "missing-headers"
    text = N_("シート「%(sheet)s」（%(layout)s）に必要な見出しがありません：%(headers)s")


class DoubledHeader(WorkbookError):
    code = "doubled-header"
    text = N_("シート「%(sheet)s」の見出し「%(header)s」が重複しています（%(first)sと%(second)s）。")


class UnknownLicenceClass(WorkbookError):
    code = "unknown-licence-class"
    text = N_(
        "シート「%(sheet)s」が一般監理事業と特定監理事業のどちらの一覧か分かりません。表題かシート名に書くか、"
        "「許可区分」の列を加えてください。"
    )

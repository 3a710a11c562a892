"""The upload, and the filter of a preview."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from imports.batches.queries import RowFilter
from imports.batches.states import ImportKind, Verdict
from otit.web.filters import FilterForm, OptionalEnumField
from otit.web.forms import BaseForm, EnumField


class UploadForm(BaseForm):
    file = FileField(
        _l("ファイル"),
        [FileRequired(_l("ファイルを選んでください。"))],
        description=_l("Excelブック（.xlsx）またはCSV。見出しの行から種類を判定します。"),
        render_kw={"accept": ".xlsx,.csv"},
    )
    kind = EnumField(
        _l("一覧の種類"),
        enum=ImportKind,
        empty=_l("自動で判定する"),
        description=_l("判定を誤ったときだけ選んでください。"),
    )

    @property
    def content(self) -> bytes:
        data: bytes = self.file.data.read()
        return data

    @property
    def filename(self) -> str:
        return str(self.file.data.filename)


class RowsForm(FilterForm):
    verdict = OptionalEnumField(_l("判定"), enum=Verdict)

    def wanted(self, warned: bool) -> RowFilter:
        chosen: dict[str, Any] = self.chosen()
        return RowFilter(chosen.get("verdict"), warned)

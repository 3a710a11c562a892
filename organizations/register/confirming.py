"""A form whose findings are looked at before the act."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from otit.findings import Finding, digest
from otit.web.forms import BaseForm


class ConfirmedForm(BaseForm):
    """Its findings are shown before the act: it is sent with the box ticked. `shown` says which findings the person
    saw, so that a new one is shown as well."""

    shown = HiddenField()
    confirmed = BooleanField(_l("上の注意事項を確かめた上で記録する"))

    def confirms(self, findings: Sequence[Finding]) -> bool:
        mark = digest(findings)
        agreed = not findings or (bool(self.confirmed.data) and self.shown.data == mark)
        self.shown.data = mark
        if not agreed:
            self.confirmed.data = False
        return agreed

    @property
    def seen(self) -> str:
        """Which findings the person has confirmed, for an act that asks for them by their digest."""
        return str(self.shown.data or "") if self.confirmed.data else ""

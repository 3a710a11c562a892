"""What is filled in of a trigger and of the decision on it, and the filters of the list."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from inspections.triggers.queries import TriggerFilter
from inspections.triggers.services import Heard
from inspections.triggers.states import TriggerKind, TriggerState
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required


class TriggerFilterForm(FilterForm):
    q = StringField(_l("番号又は団体の名称"), [at_most(100)])
    kind = OptionalEnumField(_l("種類"), enum=TriggerKind)
    state = OptionalEnumField(_l("状態"), enum=TriggerState)
    office = OfficeField()
    received_from = JapaneseDateField(_l("受付日（から）"))
    received_to = JapaneseDateField(_l("受付日（まで）"))

    def wanted(self) -> TriggerFilter:
        return TriggerFilter(**self.chosen())


class TriggerForm(BaseForm):
    kind = EnumField(_l("種類"), required(), enum=TriggerKind)
    received_on = JapaneseDateField(_l("受け付けた日"), required())
    summary = TextAreaField(
        _l("内容"),
        [*required(), at_most(4000)],
        description=_l("申告した人や技能実習生の氏名は書かないでください。"),
    )

    def heard(self) -> Heard:
        return Heard(self.kind.data, self.received_on.day, self.summary.data or "")


class DemandForm(BaseForm):
    reason = TextAreaField(_l("臨時の検査が必要な理由"), [*required(), at_most(1000)])
    due_on = JapaneseDateField(_l("検査の期限"), required())


class DismissForm(BaseForm):
    reason = TextAreaField(_l("検査を要しない理由"), [*required(), at_most(2000)])

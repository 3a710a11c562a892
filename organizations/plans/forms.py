"""Filters of the list of plans, and the end of a plan."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from organizations.plans.queries import PlanFilter
from organizations.plans.states import PlanAct, PlanCategory, PlanState, Scheme
from otit.web.filters import FilterForm, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required
from otit.web.intake import named_record


class PlanFilterForm(FilterForm):
    number = StringField(_l("認定番号"), [at_most(20)])
    organization = HiddenField()
    organization_name = StringField(_l("実習実施者名・監理団体名"), [at_most(100)])
    category = OptionalEnumField(_l("区分"), enum=PlanCategory)
    state = OptionalEnumField(_l("状態"), enum=PlanState)
    scheme = OptionalEnumField(_l("制度"), enum=Scheme)
    occupation = StringField(_l("職種コード"), [at_most(12)])
    sending = StringField(_l("送出機関名又は番号"), [at_most(100)])
    accredited_from = JapaneseDateField(_l("認定年月日（から）"))
    accredited_to = JapaneseDateField(_l("認定年月日（まで）"))
    ends_from = JapaneseDateField(_l("終了予定（から）"))
    ends_to = JapaneseDateField(_l("終了予定（まで）"))

    def wanted(self) -> PlanFilter:
        return PlanFilter(organization_id=self.organization_id, **self.chosen(without=("organization",)))

    @property
    def organization_id(self) -> int | None:
        return named_record("organization")


class PlanEndForm(BaseForm):
    act = EnumField(_l("終わり方"), required(), enum=PlanAct, members=(PlanAct.COMPLETE, PlanAct.DISCONTINUE))
    on = JapaneseDateField(_l("終わった日"), required())

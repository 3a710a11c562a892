"""What is filled in of a difficulty notice, and the filters of the list."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField

from organizations.notices.queries import NoticeFilter
from organizations.notices.services import NoticeFacts
from organizations.notices.states import DifficultyReason
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required


class NoticeFilterForm(FilterForm):
    organization_name = StringField(_l("実習実施者名・監理団体名"), [at_most(100)])
    reason = OptionalEnumField(_l("理由"), enum=DifficultyReason)
    office = OfficeField()
    notified_from = JapaneseDateField(_l("届出日（から）"))
    notified_to = JapaneseDateField(_l("届出日（まで）"))

    def wanted(self) -> NoticeFilter:
        return NoticeFilter(**self.chosen())


class NoticeForm(BaseForm):
    reason = EnumField(_l("困難となった理由"), required(), enum=DifficultyReason)
    occurred_on = JapaneseDateField(_l("困難となった日"), required())
    notified_on = JapaneseDateField(_l("届出を受けた日"), required())
    detail = TextAreaField(_l("事情と措置"), [at_most(4000)], description=_l("技能実習生の氏名は書かないでください。"))
    discontinue = BooleanField(_l("この届出により、困難となった日で計画を中止する"))

    def facts(self) -> NoticeFacts:
        return NoticeFacts(
            reason=self.reason.data,
            occurred_on=self.occurred_on.day,
            notified_on=self.notified_on.day,
            detail=self.detail.data,
            discontinue=bool(self.discontinue.data),
        )

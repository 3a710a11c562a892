"""Forms of the reports to governments."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from inspections.moc.queries import MocFilter
from inspections.moc.states import Ageing, MocMeasure, MocState
from organizations.sending.countries import MOC_COUNTRIES, country_name
from otit.web.filters import FilterForm, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, JapaneseDateField, at_most, required
from otit.web.language import english

TEXT_LENGTH = 4000


def _countries() -> list[tuple[str, Any]]:
    names = [(code, country_name(code, english=english())) for code in MOC_COUNTRIES]
    return [("", _l("すべて")), *names]


class MocFilterForm(FilterForm):
    q = StringField(_l("番号・送出機関名"), [at_most(100)])
    country = SelectField(_l("国"), choices=_countries, default="")
    state = OptionalEnumField(_l("状態"), enum=MocState)
    ageing = OptionalEnumField(_l("回答待ち"), enum=Ageing)

    def wanted(self) -> MocFilter:
        return MocFilter(**self.chosen())


class TextsForm(BaseForm):
    """What is reported and asked for; also to revise a draft."""

    facts = TextAreaField(_l("事実関係"), [*required(), at_most(TEXT_LENGTH)])
    request = TextAreaField(_l("相手国政府への要請"), [*required(), at_most(TEXT_LENGTH)])


class DraftForm(TextsForm):
    drafted_on = JapaneseDateField(_l("起案日"), required())


class DayForm(BaseForm):
    on = JapaneseDateField(_l("年月日"), required())


class SendForm(DayForm):
    reference = StringField(_l("文書番号"), [*required(), at_most(60)])
    answer_due_on = JapaneseDateField(_l("回答期限"), required())


class AcknowledgeForm(DayForm):
    reference = StringField(_l("相手国の文書番号"), [at_most(60)])


class AnswerForm(AcknowledgeForm):
    measure = EnumField(_l("相手国の措置"), required(), enum=MocMeasure)
    summary = TextAreaField(_l("回答の要旨"), [*required(), at_most(TEXT_LENGTH)])


class NoteForm(DayForm):
    note = TextAreaField(_l("備考"), [at_most(TEXT_LENGTH)])

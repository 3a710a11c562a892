"""The filters of the list of occupations, and the end of one."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField

from organizations.occupations.queries import OccupationFilter
from organizations.register.states import Scheme
from otit.web.filters import FilterForm, OptionalEnumField, choices
from otit.web.forms import BaseForm, JapaneseDateField, at_most, required


class OccupationFilterForm(FilterForm):
    q = StringField(_l("職種コード又は名称"), [at_most(100)])
    sector = SelectField(_l("分野"), default="")
    scheme = OptionalEnumField(_l("制度"), enum=Scheme)
    on = JapaneseDateField(_l("この日の一覧"))
    transferable = BooleanField(_l("移行対象だけ"))

    def __init__(self, *args: Any, sectors: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector.choices = choices(((name, name) for name in sectors), _l("すべて"))

    def wanted(self, today: date) -> OccupationFilter:
        return OccupationFilter(**{"on": today} | self.chosen())


class EndForm(BaseForm):
    valid_until = JapaneseDateField(_l("適用終了日"), required())

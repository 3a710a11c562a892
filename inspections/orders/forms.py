"""Forms for instruments, their replies, deadlines and escalation, and the filters of the list."""

from collections.abc import Hashable
from typing import Self

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField

from inspections.orders.issuing import Draft
from inspections.orders.queries import OrderFilter
from inspections.orders.services import Assessment
from inspections.orders.states import INSTRUMENTS, Instrument, OrderAct, OrderState
from inspections.violations.states import Authority
from otit.web.filters import CURSOR, FilterForm, OfficeField, OptionalEnumField, choices
from otit.web.forms import (
    BaseForm,
    EnumField,
    IdsField,
    JapaneseDateField,
    SelectChoice,
    at_most,
    given,
    label_choices,
    required,
)

_NEEDS_VIOLATION = {
    Authority.OTIT: _l("改善勧告の場合は必須です。改善指導では選びません。"),
    Authority.LABOUR_STANDARDS: _l("是正勧告と使用停止等命令の場合は必須です。指導票では選びません。"),
}


class OrderForm(BaseForm):
    """An instrument to be issued. The deadline has no suggestion: no law gives a number of days."""

    instrument = EnumField(_l("書面の種類"), required(), enum=Instrument)
    violations = IdsField(_l("対象とする違反"))
    text = TextAreaField(_l("求める改善の内容"), [*required(), at_most(20000)])
    issued_on = JapaneseDateField(_l("交付した日"), required())
    due_on = JapaneseDateField(
        _l("改善報告の期限"),
        required(),
        description=_l("事案ごとに決めます。法令に日数の定めはありません。"),
    )

    def offer(self, authority: Authority, violations: list[SelectChoice]) -> None:
        self.instrument.choices = label_choices(INSTRUMENTS[authority], _l("選択してください"))
        self.violations.choices = violations
        self.violations.description = _NEEDS_VIOLATION[authority]

    def draft(self) -> Draft:
        return Draft(
            given(self.instrument.data),
            given(self.text.data),
            given(self.issued_on.data),
            given(self.due_on.data),
            self.violations.data or (),
        )


class ReplyForm(BaseForm):
    received_on = JapaneseDateField(_l("報告書を受け取った日"), required())
    summary = TextAreaField(
        _l("報告の内容と証拠"),
        [*required(), at_most(20000)],
        description=_l("改善したこと、添付された資料（写真、賃金台帳の写しなど）を書きます。"),
    )


class AssessForm(BaseForm):
    assessed_on = JapaneseDateField(_l("確認した日"), required())
    verdict = EnumField(_l("判断"), required(), enum=OrderAct, members=[OrderAct.ACCEPT, OrderAct.FIND_INSUFFICIENT])
    text = TextAreaField(_l("判断の理由"), [at_most(4000)], description=_l("改善不十分とする場合は必須です。"))

    def assessment(self) -> Assessment:
        return Assessment(given(self.assessed_on.data), self.verdict.data is OrderAct.ACCEPT, self.text.data or "")


class ExtendForm(BaseForm):
    due_on = JapaneseDateField(_l("新しい期限"), required())
    reason = TextAreaField(_l("期限を延ばす理由"), [*required(), at_most(4000)])


OPEN_CHOICE, CLOSED_CHOICE = "open", "closed"
_GROUPS = (
    (OPEN_CHOICE, _l("未了（回答待ち、報告書受領、改善不十分）")),
    (CLOSED_CHOICE, _l("終了（改善確認、処分手続へ移行）")),
)
_STATES = choices(_GROUPS, _l("すべて")) + label_choices(OrderState)


class OrderFilterForm(FilterForm):
    instrument = OptionalEnumField(_l("書面の種類"), enum=Instrument, members=INSTRUMENTS[Authority.OTIT])
    state = SelectField(_l("状態"), choices=_STATES, default="")
    office = OfficeField(_l("検査した事務所"))
    due_from = JapaneseDateField(_l("期限（から）"))
    due_to = JapaneseDateField(_l("期限（まで）"))
    overdue = BooleanField(_l("期限を過ぎたものだけ"))

    @classmethod
    def from_address(cls, **given: Hashable) -> Self:
        """Without any filter in the address it shows what is open."""
        asked = request.args.keys() - {CURSOR}
        return super().from_address(**given) if asked else cls.asking(("state", OPEN_CHOICE), **given)

    def wanted(self) -> OrderFilter:
        chosen = self.chosen()
        state = chosen.get("state")
        group = state in (OPEN_CHOICE, CLOSED_CHOICE)
        return OrderFilter(
            instrument=chosen.get("instrument"),
            state=OrderState(state) if state and not group else None,
            open=state == OPEN_CHOICE if group else None,
            overdue=bool(chosen.get("overdue")),
            office_code=chosen.get("office"),
            due_from=chosen.get("due_from"),
            due_to=chosen.get("due_to"),
        )


class KeptOrderFilterForm(OrderFilterForm):
    """Of lists that people keep: those of either side."""

    instrument = OptionalEnumField(_l("書面の種類"), enum=Instrument)


class BureauOrderFilterForm(OrderFilterForm):
    """A Labour Bureau has instruments of its own, and no offices of OTIT's to choose from."""

    instrument = OptionalEnumField(_l("書面の種類"), enum=Instrument, members=INSTRUMENTS[Authority.LABOUR_STANDARDS])
    office = None  # type: ignore[assignment]  # WTForms drops a field that a subclass sets to None

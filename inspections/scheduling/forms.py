"""What people fill in about an inspection before it starts, and the filters of the list."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Self

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from inspections.scheduling.queries import Charge, InspectionFilter
from inspections.scheduling.states import InspectionKind, InspectionState
from organizations.register.models import Place
from organizations.register.states import OrganizationKind
from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.places import OFFICE_OF_PREFECTURE, OFFICES, PREFECTURES
from otit.web.filters import CURSOR, FilterForm, OfficeField, OptionalEnumField, choices
from otit.web.forms import BaseForm, JapaneseDateField, SelectChoice, at_most, label_choices, required
from otit.web.intake import LARGEST_ID
from otit.web.templating import aside, bureau_name, office_name

OPEN_CHOICE = "open"
USUAL_DAYS = timedelta(days=30)
MOST_NAMED = 3


_STATES = choices([(OPEN_CHOICE, _l("未了（計画済から実施中まで）"))], _l("すべて")) + label_choices(InspectionState)


def _bound() -> IntegerField:
    return IntegerField(validators=[Optional(), NumberRange(0, LARGEST_ID)], widget=HiddenInput())


class InspectionFilterForm(FilterForm):
    """`first` and `last` come with the link that a run of the schedule leaves; nobody types them."""

    first = _bound()
    last = _bound()
    q = StringField(_l("検査番号又は団体の名称"), [at_most(100)])
    charge = OptionalEnumField(_l("担当"), enum=Charge)
    state = SelectField(_l("状態"), choices=_STATES, default="")
    office = OfficeField(_l("実施事務所"))
    organization_kind = OptionalEnumField(_l("団体の種類"), enum=OrganizationKind)
    kind = OptionalEnumField(_l("検査の種類"), enum=InspectionKind)
    due_from = JapaneseDateField(_l("期限（から）"))
    due_to = JapaneseDateField(_l("期限（まで）"))
    overdue = BooleanField(_l("期限を過ぎたものだけ"))
    joint = BooleanField(_l("合同検査だけ"))

    @classmethod
    def for_actor(cls, actor: Actor) -> Self:
        """From the address; without any filter there it shows what is open, to an inspector what is theirs to do."""
        if any(name != CURSOR for name in request.args):
            return cls.from_address()
        if actor.role is Role.INSPECTOR:
            return cls.asking(("state", OPEN_CHOICE), ("charge", Charge.MINE_OR_FREE.value))
        return cls.asking(("state", OPEN_CHOICE))

    @property
    def of_one_run(self) -> bool:
        return {"first", "last"} <= self.chosen().keys()

    def wanted(self) -> InspectionFilter:
        chosen = self.chosen(without=() if self.of_one_run else ("first", "last"))
        if chosen.get("state") == OPEN_CHOICE:
            return InspectionFilter(**{**chosen, "state": None, "open": True})
        if "state" in chosen:
            chosen["state"] = InspectionState(chosen["state"])
        return InspectionFilter(**chosen)


class AssignForm(BaseForm):
    assignee = SelectField(_l("担当する検査官"), required(_l("検査官を選んでください。")))
    planned_on = JapaneseDateField(
        _l("実施予定日"), description=_l("未定のときは空欄のままにします。後から変更できます。")
    )
    notice = RadioField(
        _l("予告"),
        choices=[
            SelectChoice(value="announced", label=_l("事前に日程を知らせて行う")),
            SelectChoice(value="unannounced", label=_l("予告をしないで行う")),
        ],
        default="announced",
    )

    def offer(self, inspectors: Iterable[User]) -> None:
        """Set the people to choose from."""
        head = SelectChoice(value="", label=_l("選択してください"))
        self.assignee.choices = [head, *(SelectChoice(value=str(u.id), label=u.display_name) for u in inspectors)]

    @property
    def announced(self) -> bool:
        return bool(self.notice.data == "announced")


def _bureaus() -> list[SelectChoice]:
    return [SelectChoice(value=code, label=bureau_name(code)) for code in PREFECTURES]


class JointForm(BaseForm):
    bureau_code = SelectField(
        _l("都道府県労働局"),
        choices=_bureaus,
        description=_l("選んだ労働局の労働基準監督官が、この検査の基本事項を見られるようになります。"),
    )


class TransferForm(BaseForm):
    office = SelectField(_l("検査を行う事務所"), required(_l("事務所を選んでください。")), default="")
    reason = TextAreaField(_l("理由"), [*required(), at_most(1000)])

    def offer(self, present: str, places: Iterable[Place]) -> None:
        """The offices where the organization has places first, with these, then all others; not the present one."""
        near: dict[str, list[str]] = {}
        for place in places:
            near.setdefault(OFFICE_OF_PREFECTURE[place.prefecture_code], []).append(place.name)
        codes = [code for code in (*near, *(code for code in OFFICES if code not in near)) if code != present]
        head = SelectChoice(value="", label=_l("選択してください"))
        self.office.choices = [head, *(SelectChoice(value=code, label=_office(code, near.get(code))) for code in codes)]


def _office(code: str, places: list[str] | None) -> str:
    name = office_name(code)
    return name + aside(_("、").join(places[:MOST_NAMED])) if places else name


class CancelForm(BaseForm):
    reason = TextAreaField(_l("取りやめる理由"), [*required(), at_most(1000)])


class DemandForm(BaseForm):
    reason = TextAreaField(
        _l("臨時の検査が必要な理由"),
        [*required(), at_most(1000)],
        description=_l("申告、通報、前回の違反の再確認など、定期の検査を待てない事情を書きます。"),
    )
    due_on = JapaneseDateField(_l("検査の期限"), required())

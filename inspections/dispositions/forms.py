"""Forms of the file. Choices that depend on the organization are set when the form is made."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from inspections.dispositions.rules import Ground, cite, grounds_for
from inspections.dispositions.states import KINDS, DispositionKind, DispositionState
from inspections.scheduling.models import Inspection
from organizations.plans.models import TrainingPlan
from organizations.register.confirming import ConfirmedForm
from organizations.register.states import OrganizationKind
from otit.law.authority import DispositionAuthority
from otit.law.citations import article_en, article_ja
from otit.law.terms import Language
from otit.text import N_
from otit.web.clock import clock
from otit.web.filters import FilterForm, OfficeField, OptionalEnumField
from otit.web.forms import BaseForm, EnumField, IdsField, JapaneseDateField, at_most, label_choices, required
from otit.web.language import english
from otit.web.messages import date_text, translate
from otit.web.templating import label

REASON_LENGTH = 4000


class DispositionFilter(FilterForm):
    q = StringField(_l("番号・団体名"), [at_most(100)])
    state = OptionalEnumField(_l("状態"), enum=DispositionState)
    kind = OptionalEnumField(_l("処分の種類"), enum=DispositionKind)
    target = OptionalEnumField(_l("団体の種類"), enum=OrganizationKind)
    office = OfficeField()
    effective_from = JapaneseDateField(_l("効力発生日（から）"), [Optional()])
    effective_to = JapaneseDateField(_l("効力発生日（まで）"), [Optional()])


class GroundsField(SelectMultipleField):
    """`headings` are words before the first ground of each article, by its key."""

    headings: Mapping[str, str] = MappingProxyType({})


class ProposalForm(ConfirmedForm):
    kind = EnumField(_l("処分の種類"), required(), enum=DispositionKind)
    grounds = GroundsField(
        _l("根拠条文"),
        required(_l("処分の根拠となる条文を一つ以上選んでください。")),
        description=_l("当てはまるものをすべて選びます。その日に効力のある条文だけが認められます。"),
    )
    all_live = BooleanField(_l("有効な計画すべてを対象にする"))
    chosen = IdsField(_l("対象の計画"), description=_l("新しい順に50件まで表示しています。"))
    numbers = TextAreaField(
        _l("認定番号を貼り付ける"),
        description=_l(
            "改行、読点、空白で区切って、いくつでも貼り付けられます。認定の取消しの場合は必須です（上で計画を選んだときを除きます）。"
        ),
    )
    reason = TextAreaField(_l("処分理由"), [*required(), at_most(REASON_LENGTH)])
    proposed_on = JapaneseDateField(_l("起案日"), required())
    inspection_id = SelectField(_l("もとになった実地検査"), coerce=lambda value: int(value) if value else None)


class DecisionForm(ConfirmedForm):
    authority = EnumField(_l("決定した者"), required(), enum=DispositionAuthority)
    decided_on = JapaneseDateField(_l("決定日"), required())
    kind = EnumField(_l("決定の内容"), required(), enum=DispositionKind)
    effective_on = JapaneseDateField(
        _l("効力発生日"), [Optional()], description=_l("処分する場合は必須です。「処分しない」のときは空欄にします。")
    )
    suspension_until = JapaneseDateField(
        _l("停止期間の末日"), [Optional()], description=_l("事業停止命令の場合は必須です。ほかの決定では空欄にします。")
    )
    document_number = StringField(_l("文書番号"), [at_most(60)])
    grounds = GroundsField(_l("根拠条文"), description=_l("処分する場合は必須です。起案と異なってもかまいません。"))
    excluded = TextAreaField(
        _l("決定に含まれない計画の認定番号"), description=_l("起案した計画すべてが対象のときは空欄にします。")
    )
    reason = TextAreaField(_l("処分理由"), [*required(), at_most(REASON_LENGTH)])


class StepForm(BaseForm):
    on = JapaneseDateField(_l("年月日"), required())
    document_number = StringField(_l("文書番号"), [at_most(60)])


class WithdrawForm(BaseForm):
    on = JapaneseDateField(_l("年月日"), required())
    reason = TextAreaField(_l("理由"), [*required(), at_most(REASON_LENGTH)])


class AnnulForm(StepForm):
    reason = TextAreaField(_l("理由"), [*required(), at_most(REASON_LENGTH)])


class EffectForm(BaseForm):
    """Nothing to fill in: the day of effect stands in the decision."""


def offer_kinds(form: ProposalForm | DecisionForm, target: OrganizationKind, *, none: bool) -> None:
    members = [*KINDS[target], *([DispositionKind.NONE] if none else [])]
    form.kind.choices = label_choices(members, _l("選択してください"))


def offer_grounds(form: ProposalForm | DecisionForm, target: OrganizationKind) -> None:
    """What is in force today first, in the order of the law, and of each article what is met by way of another after
    the rest; older versions, for older facts, at the end."""
    every = dict.fromkeys(ground for kind in KINDS[target] for ground in grounds_for(target, kind))
    today = clock().today()
    articles = list(dict.fromkeys(ground.provision.article for ground in every))
    ordered = sorted(
        every,
        key=lambda one: (not one.in_force(today), articles.index(one.provision.article), one.via is not None),
    )
    form.grounds.choices = [(ground.key, ground_label(ground)) for ground in ordered]
    form.grounds.headings = {
        next(group).key: heading
        for heading, group in groupby(ordered, key=lambda ground: _heading(ground, ground.in_force(today)))
    }


def _heading(ground: Ground, in_force: bool) -> str:
    """The article, or the ground that is met by way of an item of another article; and whether it is a law of the
    past."""
    language: Language = "en" if english() else "ja"
    shown = ground.provision
    article = article_ja(shown) if language == "ja" else article_en(shown)
    words = f"{cite([Ground(shown)], language)}　{shown.title(language)}" if ground.via else article
    return words if in_force else translate(N_("%(words)s（以前の条文）"), {"words": words})


def ground_label(ground: Ground) -> str:
    """法第16条第1項第3号(第10条第2号該当)　罪を犯し…（令和元年9月13日まで）."""
    language: Language = "en" if english() else "ja"
    shown = ground.via or ground.provision
    period = ""
    if shown.valid_to is not None:
        period = translate(N_("（%(day)sまで）"), {"day": date_text(shown.valid_to)})
    return f"{cite([ground], language)}　{shown.title(language)}{period}"


def offer_plans(form: ProposalForm, plans: Sequence[TrainingPlan], total: int) -> None:
    """The newest plans to tick; the rest is reached by number, or all at once."""
    form.chosen.choices = [(plan.id, _plan_label(plan)) for plan in plans]
    form.all_live.label.text = translate(N_("有効な計画すべて（%(count)s件）を対象にする"), {"count": f"{total:,}"})


def _plan_label(plan: TrainingPlan) -> str:
    return f"{plan.number}　{date_text(plan.accredited_on)}　{label(plan.category)}"


def offer_inspections(form: ProposalForm, inspections: Iterable[Inspection]) -> None:
    choices: list[tuple[Any, Any]] = [("", _l("なし"))]
    form.inspection_id.choices = [*choices, *((row.id, row.number) for row in inspections)]

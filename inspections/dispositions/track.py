"""How a file is told on its page: the steps as a track, and what an act will do."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from inspections.dispositions import rules
from inspections.dispositions.models import Disposition, DispositionStep
from inspections.dispositions.states import KINDS, DispositionAct, DispositionKind, DispositionState
from otit.law.authority import DispositionAuthority
from otit.law.citations import citation_en, citation_ja
from otit.law.provisions import Provision
from otit.law.terms import Language
from otit.web.language import english
from otit.web.messages import date_text
from otit.web.templating import era, label, number

Item = dict[str, Any]


def language() -> Language:
    return "en" if english() else "ja"


def cited(provision: Provision | None) -> str:
    if provision is None:
        return ""
    return citation_en(provision) if english() else citation_ja(provision)


def authority_name(code: str) -> str:
    return label(DispositionAuthority(code))


def track(disposition: Disposition) -> list[Item]:
    """Proposal, submission, decision, effect, publication: each with when, who, article and document."""
    steps = {step.act: step for step in disposition.steps}
    proposer = [era(disposition.proposed_on), disposition.proposed_by.display_name]
    items = [_item(_("起案"), "done", [*proposer, *_paragraph(disposition, disposition.proposed_kind)])]
    if DispositionAct.WITHDRAW in steps:
        return [*items, _done(_("取下げ"), steps[DispositionAct.WITHDRAW])]
    items.append(_stage(_("進達"), steps.get(DispositionAct.SUBMIT)))
    items.append(_decision(disposition, steps))
    if disposition.state is not DispositionState.NOT_TAKEN:
        items.append(_effect(disposition, steps.get(DispositionAct.TAKE_EFFECT)))
        items.append(_publication(disposition, steps.get(DispositionAct.PUBLISH)))
    if DispositionAct.ANNUL in steps:
        items.append(_done(_("処分の取消し"), steps[DispositionAct.ANNUL]))
    return _with_current(items)


def _item(title: str, state: str, lines: list[Any]) -> Item:
    return {"label": title, "state": state, "lines": [line for line in lines if line]}


def _done(title: str, step: DispositionStep, extra: tuple[Any, ...] = ()) -> Item:
    return _item(title, "done", [era(step.taken_on), _(step.recorded_by), *extra, step.document_number])


def _stage(title: str, step: DispositionStep | None, extra: tuple[Any, ...] = ()) -> Item:
    return _item(title, "todo", list(extra)) if step is None else _done(title, step, extra)


def _paragraph(disposition: Disposition, kind: DispositionKind) -> list[str]:
    paragraph = KINDS[disposition.organization.kind].get(kind)
    if paragraph is None:
        return [label(kind)]
    article, _bracket, rest = paragraph.partition("(")
    shown = f"Art. {paragraph}" if english() else f"法第{article}条第{rest.rstrip(')')}項"
    return [label(kind), shown]


def _decision(disposition: Disposition, steps: dict[DispositionAct, DispositionStep]) -> Item:
    decision = disposition.decision
    step = steps.get(DispositionAct.DECIDE) or steps.get(DispositionAct.DECIDE_NONE)
    if decision is None or step is None:
        return _item(_("決定"), "todo", [])
    return _done(_("決定"), step, (authority_name(decision.authority), *_paragraph(disposition, decision.kind)))


def _effect(disposition: Disposition, step: DispositionStep | None) -> Item:
    decision = disposition.decision
    if decision is None or decision.effective_on is None:
        return _item(_("効力発生"), "todo", [])
    lines: tuple[Any, ...] = (bar_text(decision.kind, decision.effective_on),)
    if step is None:
        return _item(_("効力発生"), "todo", [era(decision.effective_on), *lines])
    return _done(_("効力発生"), step, lines)


def _publication(disposition: Disposition, step: DispositionStep | None) -> Item:
    if step is None and disposition.state is DispositionState.ANNULLED:
        return _item(_("公示"), "skipped", [])
    on = step.taken_on if step else disposition.proposed_on
    article = rules.publication_provision(disposition.organization.kind, disposition.kind, on)
    return _stage(_("公示"), step, (cited(article),))


def _with_current(items: list[Item]) -> list[Item]:
    """The first step not yet done is the present one."""
    for item in items:
        if item["state"] == "todo":
            item["state"] = "current"
            break
    return items


def bar_text(kind: DispositionKind, effective_on: date) -> str:
    """欠格期間 令和5年7月2日まで（法第10条第6号）, or nothing where there is no bar."""
    until = rules.bar_end(kind, effective_on)
    if until is None:
        return ""
    article = cited(rules.bar_provision(kind, effective_on))
    return str(_("欠格期間 %(until)sまで（%(article)s）", until=date_text(until), article=article))


def consequences(disposition: Disposition, act: DispositionAct, decided_plans: int) -> list[str]:
    """What the act will do, for the person about to do it."""
    name = disposition.organization.name
    undone = act is DispositionAct.ANNUL
    if act not in (DispositionAct.TAKE_EFFECT, DispositionAct.ANNUL):
        return []
    kind = disposition.kind
    if kind is DispositionKind.ACCREDITATION_REVOCATION:
        params = {"name": name, "count": number(decided_plans)}
        if undone:
            return [_("%(name)sの計画%(count)s件の認定が復活し、欠格期間がなくなります。", **params)]
        return [_("%(name)sの計画%(count)s件の認定を取り消します。", **params), _bar_line(disposition)]
    if kind is DispositionKind.LICENSE_REVOCATION:
        if undone:
            return [_("%(name)sの許可が復活し、欠格期間がなくなります。", name=name)]
        return [_("%(name)sの許可を取り消します。", name=name), _bar_line(disposition)]
    return [_licence_line(kind, name, undone)]


def _licence_line(kind: DispositionKind, name: str, undone: bool) -> str:
    if kind is DispositionKind.BUSINESS_SUSPENSION:
        text = _("%(name)sの事業の停止を解きます。") if undone else _("%(name)sの事業を停止します。")
    elif kind is DispositionKind.CLASS_DOWNGRADE and undone:
        text = _("%(name)sの許可が一般監理事業に戻ります。")
    elif kind is DispositionKind.CLASS_DOWNGRADE:
        text = _("%(name)sの許可を一般監理事業から特定監理事業に変更します。")
    else:
        text = _("許可や計画の認定は変わりません。")
    return str(text % {"name": name})


def _bar_line(disposition: Disposition) -> str:
    decision = disposition.decision
    on = decision.effective_on if decision else None
    return bar_text(disposition.kind, on) if on else ""

"""The report's steps as a track."""

from typing import Any

from flask_babel import gettext as _

from inspections.moc.models import MocReport, MocStep
from inspections.moc.states import MocAct, MocState
from otit.web.messages import date_text
from otit.web.templating import era, label

Item = dict[str, Any]


def track(report: MocReport) -> list[Item]:
    """Draft, approval, sending, acknowledgement, answer (or none), closing: each with when, who and reference."""
    steps = {step.act: step for step in report.steps}
    items = [_item(_("起案"), "done", [era(report.drafted_on), report.drafted_by.display_name])]
    items.append(_stage(_("承認"), steps.get(MocAct.APPROVE)))
    due = _("回答期限 %(day)s", day=date_text(report.answer_due_on)) if report.answer_due_on else ""
    items.append(_stage(_("通報"), steps.get(MocAct.SEND), due))
    items.append(_acknowledgement(report, steps.get(MocAct.ACKNOWLEDGE)))
    if MocAct.NOTE_NO_REPLY in steps:
        items.append(_stage(_("回答なし"), steps[MocAct.NOTE_NO_REPLY]))
    if MocAct.ANSWER in steps or MocAct.NOTE_NO_REPLY not in steps:
        items.append(_stage(_("回答"), steps.get(MocAct.ANSWER), label(report.measure) if report.measure else ""))
    items.append(_stage(_("終結"), steps.get(MocAct.CLOSE)))
    for item in items:
        if item["state"] == "todo":
            item["state"] = "current"
            break
    return items


def _acknowledgement(report: MocReport, step: MocStep | None) -> Item:
    """A government may answer without having acknowledged."""
    if step is None and report.state in (MocState.ANSWERED, MocState.NO_REPLY, MocState.CLOSED):
        return _item(_("受領確認"), "skipped", [])
    return _stage(_("受領確認"), step)


def _item(title: str, state: str, lines: list[Any]) -> Item:
    return {"label": title, "state": state, "lines": [line for line in lines if line]}


def _stage(title: str, step: MocStep | None, extra: str = "") -> Item:
    if step is None:
        return _item(title, "todo", [extra])
    return _item(title, "done", [era(step.taken_on), step.recorded_by, step.reference, extra])

"""Rows of 技能実習計画一覧 held against the register: a plan is known by its 認定番号, and its bodies must be there.

A plan is entered as accredited and its state is never moved: a row that contradicts a revocation is refused. What the
criteria say against an accreditation is shown, and refuses nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches.accredited import problems
from imports.batches.bodies import Record
from imports.batches.facts import Assessment, Blank, Draft, Field, Problem, Reader, differences
from imports.batches.references import REFERENCE_FIELDS, References
from imports.batches.states import ImportKind
from imports.layouts.base import ParsedRow
from imports.layouts.plans import PLANS
from organizations.accreditation.accredited import Examiner
from organizations.plans.models import TrainingPlan
from organizations.plans.states import GROUP_CATEGORIES, PlanState
from otit.text import N_

_COLUMNS = (
    Field("number", "accreditation_number", TrainingPlan.number, Blank.KEEPS),
    Field("category", "category", TrainingPlan.category, Blank.KEEPS),
    Field("occupation_code", "occupation_code", TrainingPlan.occupation_code),
    Field("nationality", "nationality", TrainingPlan.nationality),
    Field("accredited_on", "accredited_on", TrainingPlan.accredited_on, Blank.KEEPS),
    Field("starts_on", "starts_on", TrainingPlan.starts_on, Blank.KEEPS),
    Field("ends_on", "ends_on", TrainingPlan.ends_on, Blank.KEEPS),
)
FIELDS = (*_COLUMNS, *REFERENCE_FIELDS)
NAMES = tuple(one.name for one in _COLUMNS)

FUTURE = N_("未来の日付は登録できません。")
NEEDED = N_("新しい計画には必要な項目です。")
END_BEFORE_START = N_("実習終了日が実習開始日（%(start)s）より前になります。")
REVOKED_ROW = N_("この計画の認定は取り消されています（取消し %(on)s）。取込みで内容を変えることはできません。")
REVOKED_SAME = N_("この計画の認定は取り消されています（取消し %(on)s）。計画の状態は変更しません。")
ENDED_BEFORE = N_("計画の終了（%(on)s）より後の認定年月日にはできません。")
ENDED = N_("修了または中止の記録がある計画です。計画の状態は変更しません。")
NO_SUPERVISOR = N_("団体監理型の計画には監理団体が必要です。")
SUPERVISED_ALONE = N_("企業単独型の計画に監理団体があります。区分を確かめてください。")


class PlansImport:
    kind = ImportKind.PLANS

    def __init__(self) -> None:
        self.reader = Reader(PLANS, FIELDS)
        self._references = References()
        self._examiner = Examiner()

    def complete(self, row: ParsedRow, facts: dict[str, Any]) -> list[Problem]:
        return []

    def key(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("number")

    def name(self, facts: Mapping[str, Any]) -> str | None:
        return facts.get("implementing_name")

    def assess(self, session: Session, drafts: Sequence[Draft], *, today: date, lock: bool) -> list[Assessment]:
        plans = load_plans(session, [draft.facts["number"] for draft in drafts], lock=lock)
        self._references.learn(session, drafts)
        held = [plans.get(draft.facts["number"]) for draft in drafts]
        assessed = [self._assess(draft.facts, plan, today) for draft, plan in zip(drafts, held, strict=True)]
        self._examine(session, drafts, held, assessed)
        return assessed

    def _examine(
        self, session: Session, drafts: Sequence[Draft], held: Sequence[Record | None], assessed: Sequence[Assessment]
    ) -> None:
        """Put what would be written before the criteria."""
        rows = zip(drafts, held, assessed, strict=True)
        plans = [
            (a, {**(plan or {}), **draft.facts, **a.resolved, "tells_sender": "sending_number" in draft.facts})
            for draft, plan, a in rows
            if not a.errors and (plan is None or a.changes)
        ]
        self._examiner.learn(session, (plan for _a, plan in plans))
        for a, plan in plans:
            a.warnings += problems(self._examiner, plan)

    def _assess(self, facts: dict[str, Any], plan: Record | None, today: date) -> Assessment:
        a = Assessment()
        if facts["accredited_on"] > today:
            a.fail("accredited_on", FUTURE, "future-date")
        self._refer(a, facts, plan)
        if plan is None:
            _check_new(a, facts)
            return a
        a.target_id, a.target_version = plan["id"], plan["version"]
        wanted = {name: facts[name] for name in NAMES if name in facts} | a.resolved
        a.changes = differences(plan, wanted)
        _check_period(a, {**plan, **wanted})
        _check_state(a, plan)
        return a

    def _refer(self, a: Assessment, facts: dict[str, Any], plan: Record | None) -> None:
        """Resolve the bodies that the row names into `a.resolved`."""
        a.resolved["implementing_organization_id"] = self._references.implementing(a, facts)
        group = facts["category"] in GROUP_CATEGORIES
        named = bool(facts.get("supervising_name") or facts.get("supervising_license_number"))
        if named and group:
            a.resolved["supervising_organization_id"] = self._references.supervising(a, facts)
        elif named:
            a.fail("supervising_name", SUPERVISED_ALONE, "enterprise-type")
        elif not group:
            a.resolved["supervising_organization_id"] = None
        elif plan is None or plan["supervising_organization_id"] is None or "supervising_name" in facts:
            a.fail("supervising_name", NO_SUPERVISOR, "group-type")
        if "sending_number" in facts:
            a.resolved["sending_organization_id"] = self._references.sending(a, facts)


def load_plans(session: Session, numbers: Sequence[str], *, lock: bool) -> dict[str, Record]:
    """{認定番号: columns} of the plans that are registered; one statement."""
    table = TrainingPlan.__table__
    statement = sa.select(table).where(table.c.number.in_(numbers)).order_by(table.c.id)
    rows = session.execute(statement.with_for_update() if lock else statement)
    return {row.number: row._asdict() for row in rows}


def _check_new(a: Assessment, facts: Mapping[str, Any]) -> None:
    for name in ("starts_on", "ends_on"):
        if facts.get(name) is None:
            a.fail(name, NEEDED, "blank")


def _check_period(a: Assessment, plan: Mapping[str, Any]) -> None:
    """The file may bring only one of two dates that must stand in order."""
    if plan["ends_on"] < plan["starts_on"]:
        a.fail("ends_on", END_BEFORE_START, "end-before-start", start=plan["starts_on"])
    if plan["ended_on"] is not None and plan["accredited_on"] > plan["ended_on"]:
        a.fail("accredited_on", ENDED_BEFORE, "after-end", on=plan["ended_on"])


def _check_state(a: Assessment, plan: Record) -> None:
    if plan["state"] is PlanState.REVOKED:
        if a.changes:
            a.fail("accreditation_number", REVOKED_ROW, "revoked", on=plan["revoked_on"])
        else:
            a.warn("accreditation_number", REVOKED_SAME, "revoked", on=plan["revoked_on"])
    elif plan["state"] is not PlanState.ACCREDITED and a.changes:
        a.warn("accreditation_number", ENDED, "ended")

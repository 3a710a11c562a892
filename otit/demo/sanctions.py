"""Disposition files: two revocations in force, and one proposal in each state before that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from inspections.dispositions.models import Decision, Disposition, DispositionGround, DispositionPlan, DispositionStep
from inspections.dispositions.states import DispositionAct, DispositionKind, DispositionState
from organizations.licenses.states import LicenseState
from organizations.plans.states import PlanState
from otit.clock import fiscal_year
from otit.demo.bodies import Body
from otit.demo.cycles import Draft
from otit.demo.people import HOME_OFFICE, People
from otit.demo.story import Fate
from otit.demo.world import Row, World
from otit.law.authority import disposition_authority, disqualification_end
from otit.law.provisions import provision
from otit.law.terms import TargetKind
from otit.numbering import next_number

Ground = tuple[str, str | None]


@dataclass(frozen=True)
class Case:
    """Days are counted back from today; `effective` may lie ahead (negative). `plans` is how many are proposed,
    `spared` how many of them the ministers left out."""

    kind: DispositionKind
    office: str
    reason: str
    grounds: tuple[Ground, ...]
    proposed: int
    submitted: int | None = None
    decided: int | None = None
    effective: int | None = None
    published: int | None = None
    plans: int = 0
    spared: int = 0

    @property
    def supervising(self) -> bool:
        return self.kind in (DispositionKind.LICENSE_REVOCATION, DispositionKind.BUSINESS_SUSPENSION)


CASES: Final = (
    Case(
        DispositionKind.LICENSE_REVOCATION,
        "03",
        "定期監査を行わずに監査報告書を作成し、改善勧告の後も是正しなかった。",
        (("TIT-37-1-1", None), ("TIT-37-1-4", None)),
        proposed=262, submitted=244, decided=147, effective=140, published=140,
    ),
    Case(
        DispositionKind.ACCREDITATION_REVOCATION,
        HOME_OFFICE,
        "認定計画に記載のない事業所で技能実習を行わせ、時間外労働の割増賃金を支払っていなかった。",
        (("TIT-16-1-1", None), ("TIT-16-1-7", None)),
        proposed=188, submitted=171, decided=80, effective=75, published=75, plans=6,
    ),
    Case(
        DispositionKind.IMPROVEMENT_ORDER,
        "12",
        "技能実習日誌を作成せず、改善勧告の後も必須業務に従事させていなかった。",
        (("TIT-15-1", None),),
        proposed=96, submitted=82, decided=9, effective=3,
    ),
    Case(
        DispositionKind.ACCREDITATION_REVOCATION,
        "03",
        "労働基準法違反により罰金の刑に処せられ、その執行を終えた日から5年を経過していない。",
        (("TIT-16-1-3", "TIT-10-2"),),
        proposed=64, submitted=51, decided=4, effective=-6, plans=4, spared=1,
    ),
    Case(
        DispositionKind.BUSINESS_SUSPENSION,
        "08",
        "訪問指導を行わず、事実と異なる訪問指導記録を備え付けていた。",
        (("TIT-37-1-4", None),),
        proposed=33, submitted=18,
    ),
    Case(
        DispositionKind.ACCREDITATION_REVOCATION,
        HOME_OFFICE,
        "計画に記載のない作業に従事させ、期限を過ぎても改善報告書を提出しない。",
        (("TIT-16-1-1", None),),
        proposed=5, plans=3,
    ),
)  # fmt: skip


def choose(world: World, drafts: Sequence[Draft]) -> list[tuple[Case, Draft]]:
    """For each case an inspection whose findings led to it; they are escalated some days before the proposal."""
    chosen: list[tuple[Case, Draft]] = []
    for case in CASES:
        taken = [draft.body for _case, draft in chosen]
        able = [draft for draft in drafts if draft.body not in taken and _fits(world, case, draft)]
        draft = min(able, key=lambda draft: (draft.fate is not Fate.ESCALATED, -_day(draft), draft.row["id"]))
        draft.fate, draft.escalated_on = Fate.ESCALATED, world.ago(case.proposed + 4)
        chosen.append((case, draft))
    return chosen


def _day(draft: Draft) -> int:
    return draft.completed_on.toordinal() if draft.completed_on else 0


def _fits(world: World, case: Case, draft: Draft) -> bool:
    body, done_on = draft.body, draft.completed_on
    if done_on is None or body.office != case.office or body.implementing is case.supervising:
        return False
    if body.barred is not (case.kind is DispositionKind.LICENSE_REVOCATION) or not body.active:
        return False
    free = draft.fate in (None, Fate.ESCALATED) and draft.bureau is None
    return free and done_on <= world.ago(case.proposed + 50)


def open_files(
    world: World, session: Session, people: People, chosen: list[tuple[Case, Draft]], plans: dict[int, list[Row]]
) -> None:
    for case, draft in chosen:
        _File(world, people, case, draft.body).open(session, draft, plans)


class _File:
    def __init__(self, world: World, people: People, case: Case, body: Body) -> None:
        self.world, self.people, self.case, self.body = world, people, case, body
        self.recorder = people.regional_manager if body.office == HOME_OFFICE else people.manager
        self.row: Row = {}

    def day(self, ago: int | None) -> date | None:
        return None if ago is None else self.world.ago(ago)

    def open(self, session: Session, draft: Draft, plans: dict[int, list[Row]]) -> None:
        case, world = self.case, self.world
        proposed_on = world.ago(case.proposed)
        year = fiscal_year(proposed_on)
        serial = next_number(session, "disposition", self.body.office, year)
        in_force = case.effective is not None and case.effective >= 0
        self.row = world.rows.add(
            Disposition,
            number=f"処{year % 100:02d}-{self.body.office}-{serial:04d}",
            organization_id=self.body.row["id"],
            inspection_id=draft.row["id"],
            license_id=self.body.license["id"] if case.supervising and self.body.license else None,
            office_code=self.body.office,
            state=self._state(),
            proposed_kind=case.kind,
            proposed_on=proposed_on,
            proposed_by_id=self.recorder["id"],
            reason=case.reason,
            submitted_on=self.day(case.submitted),
            effective_on=self.day(case.effective) if in_force else None,
            published_on=self.day(case.published),
            created_at=world.moment(proposed_on),
        )
        self._cite("proposal", proposed_on)
        live = [plan for plan in plans.get(self.body.row["id"], []) if plan["state"] is PlanState.ACCREDITED]
        named = sorted(live, key=lambda plan: str(plan["number"]))
        covered = named[: case.plans - case.spared] if case.decided is not None else []
        for plan in named[: case.plans]:
            world.rows.add(DispositionPlan, disposition_id=self.row["id"], plan_id=plan["id"], decided=plan in covered)
        self._decide()
        self._take_steps()
        if in_force:
            self._take_effect(covered)

    def _state(self) -> DispositionState:
        case = self.case
        reached = (
            (case.published, DispositionState.PUBLISHED),
            (case.effective if (case.effective or -1) >= 0 else None, DispositionState.EFFECTIVE),
            (case.decided, DispositionState.DECIDED),
            (case.submitted, DispositionState.SUBMITTED),
        )
        return next((state for day, state in reached if day is not None), DispositionState.PROPOSED)

    def _cite(self, stage: str, on: date) -> None:
        for code, via in self.case.grounds:
            item = provision(via, on) if via else None
            self.world.rows.add(
                DispositionGround,
                disposition_id=self.row["id"],
                stage=stage,
                provision_code=code,
                provision_from=provision(code, on).valid_from,
                via_code=item.code if item else None,
                via_from=item.valid_from if item else None,
            )

    def _decide(self) -> None:
        decided_on = self.day(self.case.decided)
        if decided_on is None:
            return
        target = TargetKind(self.body.row["kind"].value)
        self.world.rows.add(
            Decision,
            disposition_id=self.row["id"],
            authority=disposition_authority(target, decided_on).value,
            kind=self.case.kind,
            decided_on=decided_on,
            effective_on=self.day(self.case.effective),
            document_number=self._document(DispositionAct.DECIDE),
            reason=self.case.reason,
            recorded_by_id=self.recorder["id"],
        )
        self._cite("decision", decided_on)

    def _take_steps(self) -> None:
        case = self.case
        in_force = case.effective if (case.effective or -1) >= 0 else None
        steps = (
            (DispositionAct.SUBMIT, case.submitted),
            (DispositionAct.DECIDE, case.decided),
            (DispositionAct.TAKE_EFFECT, in_force),
            (DispositionAct.PUBLISH, case.published),
        )
        for act, ago in steps:
            taken_on = self.day(ago)
            if taken_on is None:
                continue
            nightly = act is DispositionAct.TAKE_EFFECT
            self.world.rows.add(
                DispositionStep,
                disposition_id=self.row["id"],
                act=act,
                taken_on=taken_on,
                document_number=None if nightly else self._document(act),
                recorded_by="自動処理" if nightly else self.recorder["display_name"],
                recorded_by_id=None if nightly else self.recorder["id"],
                recorded_at=self.world.moment(taken_on, 1 if nightly else 14),
            )

    def _document(self, act: DispositionAct) -> str:
        word = {DispositionAct.SUBMIT: "進達", DispositionAct.DECIDE: "決定", DispositionAct.PUBLISH: "公示"}[act]
        return f"見本{word}第{self.row['id'] * 7 + 20}号"

    def _take_effect(self, covered: list[Row]) -> None:
        on = self.row["effective_on"]
        revoked = {"revoked_on": on, "bar_until": disqualification_end(on)}
        for plan in covered:
            plan |= {"state": PlanState.REVOKED, **revoked}
        if self.case.kind is DispositionKind.LICENSE_REVOCATION and self.body.license:
            self.body.license |= {"state": LicenseState.REVOKED, **revoked}

"""The papers of the plans: who they are for, applications, changes. Made last and with dice of its own, so that it
changes nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from organizations.accreditation.changes import late_notice
from organizations.accreditation.criteria import findings
from organizations.accreditation.facts import Facts, OccupationFacts, Sender, Supervisor
from organizations.accreditation.models import PlanApplication, PlanChange
from organizations.accreditation.states import ApplicationState, ChangeKind, ChangeState
from organizations.licenses.models import License
from organizations.plans.models import TrainingPlan
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory, PlanState, Scheme
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from organizations.trainees.models import Trainee
from otit.clock import last_day_before_anniversary
from otit.demo.world import Row, World
from otit.findings import stored
from otit.law.provisions import provision
from otit.text import match_key

_ACCREDITED: Final = 12
_SAME: Final = ("implementing_organization_id", "nationality", "occupation_code")
_SYLLABLES: Final = ("ka", "ri", "so", "mi", "ve", "ta", "lu", "na", "do", "shi", "ba", "re", "no", "ze", "hu", "pa")
_MINOR: Final = (
    ("技能実習指導員を変更した。", 20),
    ("宿泊施設を変更した。", 9),
    ("技能実習責任者を変更した。", 64),
    ("実習を行わせる事業所の名称を変更した。", 14),
)
_REFUSED: Final = ("計画の内容が、職種・作業の審査基準に適合しない。", "技能実習の指導体制を確認できない。")


@dataclass
class Papers:
    """What the parts of this module share. `serials` are the running numbers of each year so far."""

    world: World
    dice: Random
    serials: dict[int, int]

    @property
    def plans(self) -> list[Row]:
        return self.world.rows.of(TrainingPlan)

    def body(self, organization_id: int) -> Row:
        return self.world.rows.of(Organization)[organization_id - 1]

    def office(self, plan: Row) -> str:
        return str(self.body(plan["implementing_organization_id"])["office_code"])

    def live(self) -> list[Row]:
        return [plan for plan in self.plans if plan["state"] is PlanState.ACCREDITED]


def name_trainees(papers: Papers) -> None:
    """A person for each plan. Who finished level one goes on with a later plan of level two at the same place."""
    finished: dict[tuple[Any, ...], list[Row]] = {}
    for plan in sorted(papers.plans, key=lambda row: (row["starts_on"], row["id"])):
        there = finished.setdefault(tuple(plan[name] for name in _SAME), [])
        before = next((row for row in there if row["ends_on"] < plan["starts_on"]), None)
        if before is not None and plan["category"].level == 2:
            there.remove(before)
            plan["trainee_id"] = before["trainee_id"]
        else:
            plan["trainee_id"] = _person(papers, plan["nationality"], plan["starts_on"])["id"]
        if plan["category"].level == 1 and plan["state"] is PlanState.COMPLETED:
            there.append(plan)


def _person(papers: Papers, nationality: str, starts_on: date) -> Row:
    dice = papers.dice
    words = ("".join(dice.choices(_SYLLABLES, k=count)) for count in (2, 3, 2))
    name = " ".join(words).upper()
    born_on = starts_on - timedelta(days=dice.randint(19 * 365, 33 * 365))
    created_at = papers.world.moment(min(starts_on, papers.world.ago(1)))
    return papers.world.rows.add(
        Trainee, name=name, name_key=match_key(name), nationality=nationality, born_on=born_on, created_at=created_at
    )


def apply_for_plans(papers: Papers) -> None:
    """Applications in each state: those behind the latest plans, and some that are open, refused or taken back."""
    latest = sorted(papers.plans, key=lambda row: (row["accredited_on"], row["id"]))[-_ACCREDITED:]
    for plan in latest:
        _accredited(papers, plan)
    models = [plan for plan in papers.live() if plan not in latest and _licensed(papers, plan)]
    chosen = papers.dice.sample(models, 10)
    for plan, ago in zip(chosen[:6], (52, 40, 31, 20, 12, 3), strict=True):
        _application(papers, plan, ago, ahead=150 - ago)
    for plan, ago, reason in zip(chosen[6:8], (95, 70), _REFUSED, strict=True):
        values: dict[str, Any] = {"state": ApplicationState.REFUSED, "refusal_reason": reason}
        _application(papers, plan, ago, ahead=60, decided_on=papers.world.ago(ago - 45), **values)
    withdrawn: dict[str, Any] = {"state": ApplicationState.WITHDRAWN, "decided_on": papers.world.ago(28)}
    _application(papers, chosen[8], 44, ahead=90, **withdrawn)


def _accredited(papers: Papers, plan: Row) -> None:
    """The application that led to a plan: its number tells the year, some two months before."""
    applied_on = plan["accredited_on"] - timedelta(days=60)
    names = [column.key for column in TrainingPlan.__table__.c if column.key in PlanApplication.__table__.c]
    values = {name: plan[name] for name in names if name in plan and name not in ("id", "scheme", "state")}
    decided = {"state": ApplicationState.ACCREDITED, "decided_on": plan["accredited_on"], "plan_id": plan["id"]}
    warnings = stored(findings(_facts(papers, plan, applied_on, plan["accredited_on"])))
    _add(papers, applied_on, **values, **decided, warnings=warnings)


def _application(papers: Papers, model: Row, ago: int, *, ahead: int, **values: Any) -> None:
    """One like the plan `model`, but at level one, of another person and for training that is still to come."""
    applied_on, starts_on = papers.world.ago(ago), papers.world.ahead(ahead)
    grouped = model["category"] in GROUP_CATEGORIES
    plan = {
        "category": PlanCategory.D if grouped else PlanCategory.A,
        "starts_on": starts_on,
        "ends_on": last_day_before_anniversary(starts_on, 1),
        "trainee_id": _person(papers, model["nationality"], applied_on)["id"],
    }
    copied = ("implementing_organization_id", "supervising_organization_id", "sending_organization_id")
    plan |= {name: model[name] for name in (*copied, "occupation_code", "nationality")}
    if values.get("state") is ApplicationState.REFUSED:
        values["warnings"] = stored(findings(_facts(papers, plan, applied_on, values["decided_on"])))
    _add(papers, applied_on, number=_number(papers, applied_on, papers.office(model)), **plan, **values)


def _add(papers: Papers, applied_on: date, **values: Any) -> None:
    cited = provision("TIT-8", applied_on)
    defaults = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "state": ApplicationState.APPLIED, "warnings": []}
    cites = {"provision_code": cited.code, "provision_from": cited.valid_from}
    moment = papers.world.moment(applied_on)
    papers.world.rows.add(PlanApplication, applied_on=applied_on, created_at=moment, **defaults | cites | values)


def _number(papers: Papers, applied_on: date, office: str) -> str:
    year = applied_on.year
    papers.serials[year] = papers.serials.get(year, 0) + papers.dice.randint(1, 9)
    return f"認{year % 100:02d}{office}{papers.serials[year]:06d}"


def _license(papers: Papers, plan: Row) -> Row | None:
    owner = plan["supervising_organization_id"]
    return next((row for row in papers.world.rows.of(License) if row["organization_id"] == owner), None)


def _licensed(papers: Papers, plan: Row) -> bool:
    """Whether the licence of its supervising organization, if it has one, lasts for the applications made here."""
    license = _license(papers, plan)
    return license is None or license["expires_on"] > papers.world.ahead(200)


def _facts(papers: Papers, plan: Row, applied_on: date, decided_on: date) -> Facts:
    license = _license(papers, plan)
    body = papers.body(plan["implementing_organization_id"])
    return Facts(
        category=plan["category"],
        applied_on=applied_on,
        starts_on=plan["starts_on"],
        ends_on=plan["ends_on"],
        decided_on=decided_on,
        supervisor=None if license is None else Supervisor(license["license_class"]),
        occupation=OccupationFacts(plan["occupation_code"]),
        sender=None if plan["sending_organization_id"] is None else Sender(),
        staff_count=body.get("staff_count"),
        is_excellent=plan["category"] in (PlanCategory.C, PlanCategory.F),
    )


def change_plans(papers: Papers) -> None:
    """An application for a change, one accredited, and notices of minor changes, the third of them late."""
    world, live = papers.world, [plan for plan in papers.live() if plan["accredited_on"] < papers.world.ago(120)]
    chosen = papers.dice.sample([plan for plan in live if _sender_before(papers, plan)], 2 + len(_MINOR))
    shorter = chosen[0]["ends_on"] - timedelta(days=20)
    moved = {"ends_on": [chosen[0]["ends_on"].isoformat(), shorter.isoformat()]}
    _change(papers, chosen[0], world.ago(6), world.ahead(30), "実習の終了を早める。", moved, ChangeState.APPLIED)
    moved = {"sending_organization_id": [_sender_before(papers, chosen[1]), chosen[1]["sending_organization_id"]]}
    summary = "取次送出機関を変更する。"
    _change(
        papers,
        chosen[1],
        world.ago(50),
        world.ago(22),
        summary,
        moved,
        ChangeState.ACCREDITED,
        decided_on=world.ago(22),
    )
    for plan, (summary, late) in zip(chosen[2:], _MINOR, strict=True):
        changed_on, notified_on = world.ago(late + 7), world.ago(7)
        warned: dict[str, Any] = {"warnings": stored(late_notice(changed_on, notified_on)), "kind": ChangeKind.MINOR}
        _change(papers, plan, notified_on, changed_on, summary, {}, ChangeState.NOTIFIED, **warned)


def _sender_before(papers: Papers, plan: Row) -> int | None:
    """Another sending organization of the same country."""
    own = plan["sending_organization_id"]
    rows = papers.world.rows.of(SendingOrganization) if own is not None else []
    return next((row["id"] for row in rows if row["country"] == plan["nationality"] and row["id"] != own), None)


def _change(
    papers: Papers,
    plan: Row,
    applied_on: date,
    changed_on: date,
    summary: str,
    moved: dict[str, list[Any]],
    state: ChangeState,
    **values: Any,
) -> None:
    cited = provision("TIT-11", applied_on)
    defaults = {"kind": ChangeKind.CHANGE, "warnings": []}
    papers.world.rows.add(
        PlanChange,
        plan_id=plan["id"],
        state=state,
        applied_on=applied_on,
        changed_on=changed_on,
        changes=moved,
        summary=summary,
        provision_code=cited.code,
        provision_from=cited.valid_from,
        created_at=papers.world.moment(applied_on),
        **defaults | values,
    )

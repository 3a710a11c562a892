"""Acts on the persons behind plans: reading who they are, which is on record, entering and correcting them. The audit
trail says who read or wrote and why, never a name."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.trainees.models import Trainee
from organizations.trainees.queries import same_person
from organizations.trainees.states import EntryKind, ReadReason
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import add_years, today
from otit.errors import NotFound, RuleViolation
from otit.text import N_, match_key

Bearer = TrainingPlan | PlanApplication
_OLDEST_YEARS = 100


@dataclass(frozen=True)
class TraineeDetails:
    """`name` as written on the papers, `nationality` ISO alpha-3."""

    name: str
    born_on: date
    nationality: str


def read_trainee(session: Session, actor: Actor, bearer: Bearer, reason: ReadReason) -> Trainee:
    """Who the plan or application is for, to the offices of its organizations. Raises NotFound when nobody is named."""
    actor.require(Permission.VIEW_TRAINEES)
    actor.require_office(*(body.office_code for body in _bodies(bearer)))
    trainee = None if bearer.trainee_id is None else session.get(Trainee, bearer.trainee_id)
    if trainee is None:
        raise NotFound(N_("この計画には技能実習生が登録されていません。"))
    record(session, actor, "trainee.read", bearer, reason=reason, trainee=trainee.id)
    return trainee


def enter_trainee(
    session: Session, actor: Actor, bearer: Bearer, details: TraineeDetails, kind: EntryKind, *, now: datetime
) -> None:
    """Name the person of a plan or application. The same name, birth date and nationality are the same person, whose
    levels then belong together. `CORRECT` changes the person already named, and so in every plan."""
    actor.require(Permission.MAINTAIN_REGISTERS)
    actor.require_office(bearer.implementing_organization.office_code)
    _check(details, today(now))
    trainee = None if bearer.trainee_id is None else session.get(Trainee, bearer.trainee_id)
    if trainee is not None and kind is EntryKind.CORRECT:
        trainee.name, trainee.name_key = details.name.strip(), match_key(details.name)
        trainee.born_on, trainee.nationality = details.born_on, details.nationality
        fields = sorted(set(changed(trainee)) - {"name_key"})
        record(session, actor, "trainee.corrected", trainee, fields=fields)
    else:
        bearer.trainee_id = person(session, actor, details, now=now).id
        record(session, actor, "trainee.named", bearer, changed(bearer))
    session.flush()


def person(session: Session, actor: Actor, details: TraineeDetails, *, now: datetime) -> Trainee:
    """The trainee of that name, birth date and nationality, entered when there is none. For acts that have checked
    permission and office."""
    _check(details, today(now))
    key = match_key(details.name)
    found = same_person(session, key, details.born_on, details.nationality)
    if found is not None:
        return found
    trainee = Trainee(
        name=details.name.strip(),
        name_key=key,
        born_on=details.born_on,
        nationality=details.nationality,
        created_at=now,
    )
    session.add(trainee)
    session.flush()
    record(session, actor, "trainee.entered", trainee)
    return trainee


def _check(details: TraineeDetails, today: date) -> None:
    if not match_key(details.name):
        raise RuleViolation(N_("技能実習生の氏名を入力してください。"), field="trainee_name")
    if not add_years(today, -_OLDEST_YEARS) < details.born_on < today:
        raise RuleViolation(N_("生年月日を確認してください。"), field="trainee_born_on")


def _bodies(bearer: Bearer) -> list[Organization]:
    supervising = bearer.supervising_organization
    return [bearer.implementing_organization, *([supervising] if supervising else [])]

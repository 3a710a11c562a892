"""Acts on the persons behind plans: reading who they are, which is on record, entering and correcting them. The audit
trail says who read or wrote and why, never a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.trainees.models import IDENTITY, Trainee
from organizations.trainees.queries import named_person, same_person
from organizations.trainees.states import EntryKind, ReadReason
from otit.audit.trail import changed, record
from otit.auth.actors import Actor
from otit.auth.permissions import Permission
from otit.clock import add_years, today
from otit.errors import NotFound, RuleViolation, StaleRecord, refuse_all
from otit.text import N_, match_key

Bearer = TrainingPlan | PlanApplication
_OLDEST_YEARS = 100


@dataclass(frozen=True)
class TraineeDetails:
    """`name` as written on the papers, `nationality` ISO alpha-3."""

    name: str
    born_on: date
    nationality: str

    @property
    def identity(self) -> tuple[str, date, str]:
        """In the order of IDENTITY."""
        return match_key(self.name), self.born_on, self.nationality


def read_trainee(session: Session, actor: Actor, bearer: Bearer, reason: ReadReason) -> Trainee:
    """Who the plan or application is for, to the offices of its organizations. Raises NotFound when nobody is named."""
    actor.require(Permission.VIEW_TRAINEES)
    actor.require_office(*(body.office_code for body in _bodies(bearer)))
    trainee = named_person(session, bearer.trainee_id)
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
    refuse_all(refusals_of(details, today(now)))
    trainee = named_person(session, bearer.trainee_id)
    if trainee is not None and kind is EntryKind.CORRECT:
        _correct(session, actor, trainee, details)
    else:
        bearer.trainee_id = person(session, actor, details, now=now).id
        record(session, actor, "trainee.named", bearer, changed(bearer))
    session.flush()


def person(session: Session, actor: Actor, details: TraineeDetails, *, now: datetime) -> Trainee:
    """The trainee of that name, birth date and nationality, entered when there is none. For acts that have checked
    permission and office."""
    refuse_all(refusals_of(details, today(now)))
    found = same_person(session, details.identity)
    if found is not None:
        return found
    made = _insert(session, details, now)
    trainee = same_person(session, details.identity)
    if trainee is None:  # entered by somebody else a moment ago, and corrected since
        raise StaleRecord()
    if made:
        record(session, actor, "trainee.entered", trainee)
    return trainee


def _insert(session: Session, details: TraineeDetails, now: datetime) -> bool:
    """False when somebody else is faster: the statement waits for their commit and leaves their row alone. Unlike a
    savepoint it needs no transaction around it, which SQLite would not have begun yet."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"name": details.name.strip(), "created_at": now, **dict(zip(IDENTITY, details.identity, strict=True))}
    statement = insert(Trainee).values(values).on_conflict_do_nothing(index_elements=IDENTITY)
    return session.scalar(statement.returning(Trainee.id)) is not None


def _correct(session: Session, actor: Actor, trainee: Trainee, details: TraineeDetails) -> None:
    """Raises RuleViolation where the corrected person is recorded already: two rows do not become one by this."""
    other = same_person(session, details.identity)
    if other is not None and other.id != trainee.id:
        message = N_(
            "氏名、生年月日、国籍が同じ技能実習生が、別に登録されています。同じ人であれば、「別の人に改める」を選んでください。"
        )
        raise RuleViolation(message, field="kind")
    trainee.name = details.name.strip()
    for name, value in zip(IDENTITY, details.identity, strict=True):
        setattr(trainee, name, value)
    fields = sorted(set(changed(trainee)) - {"name_key"})
    record(session, actor, "trainee.corrected", trainee, fields=fields)


def refusals_of(details: TraineeDetails, today: date) -> Iterator[RuleViolation]:
    """What cannot be true of any trainee."""
    if not match_key(details.name):
        yield RuleViolation(N_("技能実習生の氏名を入力してください。"), field="trainee_name")
    if not add_years(today, -_OLDEST_YEARS) < details.born_on < today:
        yield RuleViolation(N_("生年月日を確認してください。"), field="trainee_born_on")


def _bodies(bearer: Bearer) -> list[Organization]:
    supervising = bearer.supervising_organization
    return [bearer.implementing_organization, *([supervising] if supervising else [])]

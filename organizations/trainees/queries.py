"""Reads about trainees. Names are read by `services.read_trainee` only, which puts it on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from organizations.trainees.models import Trainee
from otit.auth.actors import Actor
from otit.auth.scope import within_offices

Implementing = aliased(Organization, name="implementing")
Supervising = aliased(Organization, name="supervising")
# One person has a plan for each level; more than these is a fault of the register that the first rows show as well.
_SHOWN = 20


def same_person(session: Session, identity: tuple[str, date, str]) -> Trainee | None:
    """Name (folded), birth date and nationality are one person."""
    name_key, born_on, nationality = identity
    statement = sa.select(Trainee).where(
        Trainee.name_key == name_key, Trainee.born_on == born_on, Trainee.nationality == nationality
    )
    return session.scalar(statement)


def named_person(session: Session, trainee_id: int | None) -> Trainee | None:
    """Whoever a plan or application names; not to be shown."""
    return None if trainee_id is None else session.get(Trainee, trainee_id)


def plans_of_trainee(session: Session, actor: Actor, trainee_id: int) -> Sequence[Any]:
    """The levels of one person, the first one first: id, number, category, state, starts_on, ends_on and the
    implementing organization; those within the actor's scope."""
    statement = (
        sa.select(
            TrainingPlan.id,
            TrainingPlan.number,
            TrainingPlan.category,
            TrainingPlan.state,
            TrainingPlan.starts_on,
            TrainingPlan.ends_on,
            Implementing.name.label("implementing_name"),
        )
        .join(Implementing, Implementing.id == TrainingPlan.implementing_organization_id)
        .outerjoin(Supervising, Supervising.id == TrainingPlan.supervising_organization_id)
        .where(
            TrainingPlan.trainee_id == trainee_id,
            within_offices(actor, Implementing.office_code, Supervising.office_code),
        )
        .order_by(TrainingPlan.starts_on, TrainingPlan.id)
        .limit(_SHOWN)
    )
    return session.execute(statement).all()

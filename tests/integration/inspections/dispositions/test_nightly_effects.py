"""The nightly job as the schedule runs it."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import jobs
from inspections.dispositions.decisions import decide
from inspections.dispositions.states import DispositionAct, DispositionState
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.jobs.progress import Progress
from otit.jobs.queue import KINDS, SCHEDULE, Task
from tests.cases import ACTS, NOON, decision, proposed


def test_it_stands_on_the_schedule_shortly_after_midnight() -> None:
    assert SCHEDULE[jobs.KIND].cron == "10 0 * * *"
    assert KINDS[jobs.KIND].function is jobs.take_effects


def test_a_missed_night_loses_nothing_and_the_system_is_named_as_the_actor(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    file = proposed(session, manager, company, plans)
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(effective_on=date(2018, 7, 20)), now=NOON)
    session.commit()
    tonight = datetime.now(UTC).date() + timedelta(days=1)
    task = Task(
        session=session,
        progress=Progress("run", None),
        args={"business_date": tonight.isoformat()},
        run_id="run",
        requested_by="system:cron",
        user_id=None,
    )
    assert jobs.take_effects(task) == {"done": [file.number], "blocked": []}
    session.commit()
    assert jobs.take_effects(task) == {"done": [], "blocked": []}
    assert file.state is DispositionState.EFFECTIVE
    assert file.effective_on == date(2018, 7, 20)
    done = sa.select(AuditEvent.actor).where(AuditEvent.action == "disposition.take_effect")
    assert session.scalars(done).one() == "system:dispositions"

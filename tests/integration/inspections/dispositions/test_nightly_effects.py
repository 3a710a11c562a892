"""The nightly job as the schedule runs it."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions import jobs
from inspections.dispositions.decisions import decide
from inspections.dispositions.states import DispositionAct, DispositionState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanState
from organizations.register.models import Organization
from otit.audit.models import AuditEvent
from otit.auth.actors import Actor
from otit.jobs.progress import Progress
from otit.jobs.queue import KINDS, SCHEDULE, Task
from tests.cases import ACTS, NOON, decision, proposed


def test_it_stands_on_the_schedule_shortly_after_midnight() -> None:
    assert SCHEDULE[jobs.KIND].cron == "10 0 * * *"
    assert KINDS[jobs.KIND].function is jobs.take_effects


def test_a_file_that_cannot_take_effect_is_named_with_its_reason_in_words(
    session: Session, manager: Actor, company: Organization, plans: list[TrainingPlan]
) -> None:
    file = proposed(session, manager, company, plans[:1])
    ACTS[DispositionAct.SUBMIT](session, manager, file)
    decide(session, manager, file, decision(), now=NOON)
    plans[0].state, plans[0].ended_on = PlanState.COMPLETED, date(2019, 3, 1)
    session.commit()
    task = Task(session, Progress("run", None), {"business_date": "2026-11-24"}, "run", "system:cron", None)
    ((number, reason),) = jobs.take_effects(task)["blocked"]
    assert number == file.number
    assert "状態が「修了」の記録に「認定の取消し」の操作はできません" in reason
    assert task.progress.standing.message == jobs.BLOCKED
    assert task.progress.standing.params == {"done": 0, "blocked": 1}


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

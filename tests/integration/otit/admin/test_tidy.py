"""What would only grow is removed at night; what is still of use stays."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.admin.jobs import OVER_SESSIONS_KEPT, SPENT_FORMS_KEPT, TIDY, tidy
from otit.auth.models import UserSession
from otit.jobs.progress import Progress
from otit.jobs.queue import SCHEDULE, Task
from otit.web import once
from tests.factories import NOW, Factories

MOMENT = timedelta(seconds=1)
# NOW is 09:00 of 24 November 2026 in Japan.
MIDNIGHT = NOW - timedelta(hours=9)


def test_old_tokens_and_sessions_go_and_the_others_stay(session: Session, factories: Factories) -> None:
    user = factories.user()
    for name, sent_at in (("old", -MOMENT), ("young", timedelta(0))):
        once.remember(session, name, "/", MIDNIGHT - SPENT_FORMS_KEPT + sent_at)
        expires_at = MIDNIGHT - OVER_SESSIONS_KEPT + sent_at
        start = expires_at - timedelta(hours=12)
        session.add(UserSession(token_hash=name, user_id=user.id, created_at=start, expires_at=expires_at))
    session.flush()
    task = Task(session, Progress("run", None), {"business_date": "2026-11-24"}, "run", "system:cron", None)
    assert tidy(task) == {"forms": 1, "sessions": 1}
    assert session.scalars(sa.select(once.SentForm.token)).all() == ["young"]
    assert session.scalars(sa.select(UserSession.token_hash)).all() == ["young"]
    assert tidy(task) == {"forms": 0, "sessions": 0}


def test_it_is_done_every_night() -> None:
    assert SCHEDULE[TIDY].cron == "0 4 * * *"

"""Batches made from real workbooks, taken through their life without a queue."""

import io
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches import services
from imports.batches.models import ImportBatch, ImportRow
from otit.auth.actors import Actor, system_actor
from otit.auth.permissions import Role
from otit.db import db
from otit.jobs import runner
from otit.jobs.models import JobRun
from otit.jobs.progress import Progress
from tests.factories import NOW, TODAY, Factories


@dataclass
class Desk:
    """Somebody at headquarters, and the worker behind them."""

    session: Session
    actor: Actor

    def upload(self, data: bytes, filename: str = "一覧.xlsx", **values) -> ImportBatch:
        batch = services.upload(self.session, self.actor, data, filename, kind=values.pop("kind", None), now=NOW)
        self.session.commit()
        return batch

    def read(self, data: bytes, filename: str = "一覧.xlsx", **values) -> ImportBatch:
        return self.read_again(self.upload(data, filename, **values))

    def read_again(self, batch: ImportBatch) -> ImportBatch:
        services.read(self.session, system_actor("import"), batch, today=TODAY, progress=Progress("test", None))
        self.session.commit()
        return batch

    def confirm(self, batch: ImportBatch) -> None:
        services.confirm(self.session, self.actor, batch, sha256=batch.sha256, now=NOW)
        self.session.commit()

    def apply(self, batch: ImportBatch) -> ImportBatch:
        actor, progress = system_actor("import"), Progress("test", None)
        done = services.apply(self.session, actor, batch.id, now=NOW, today=TODAY, progress=progress)
        self.session.commit()
        self.session.expire_all()
        return done

    def bring_in(self, data: bytes) -> ImportBatch:
        batch = self.read(data)
        assert batch.error_count == 0, self.reasons(batch)
        self.confirm(batch)
        return self.apply(batch)

    def rows(self, batch: ImportBatch) -> list[ImportRow]:
        query = sa.select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.id)
        return list(self.session.scalars(query))

    def reasons(self, batch: ImportBatch) -> list[tuple[str, str]]:
        """(cell, code) of every error."""
        return [(issue["cell"], issue["code"]) for row in self.rows(batch) for issue in row.errors]

    def warnings(self, batch: ImportBatch) -> list[str]:
        return [issue["code"] for row in self.rows(batch) for issue in row.warnings]

    def counts(self, batch: ImportBatch) -> tuple[int, int, int, int]:
        """new, changed, unchanged, error"""
        return batch.new_count, batch.changed_count, batch.unchanged_count, batch.error_count


@pytest.fixture
def desk(session: Session, factories: Factories) -> Desk:
    user = factories.user(Role.MANAGER)
    session.commit()
    return Desk(session, user.actor)


@pytest.fixture
def latest(session: Session):
    """The batch that was made last."""
    return lambda: session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc())).first()


@pytest.fixture
def manager(browser, factories):
    return browser.sign_in(factories.user(Role.MANAGER))


@pytest.fixture
def work(session):
    """Run the jobs that wait, as the worker would."""

    def done():
        session.commit()
        queued = session.execute(sa.select(JobRun.id, JobRun.args).where(JobRun.status == "queued")).all()
        for run in sorted(queued, key=lambda run: run.args["batch_id"]):
            session.commit()
            runner.run_job(db.engine, None, run.id, "test:1")
        session.expire_all()

    return done


@pytest.fixture
def send(manager, work):
    """Upload as a person does, let the worker read, and open the batch's page."""

    def sent(data, filename="一覧.xlsx", **values):
        response = manager.send("/imports", {"file": (io.BytesIO(data), filename), **values})
        work()
        return manager.follow(response)

    return sent

"""One of everything, so that every page has something to show. Invented names only."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from imports.batches import services as imports
from imports.batches.models import ImportBatch
from inspections.moc import services as moc
from inspections.orders.models import CorrectionOrder
from inspections.scheduling.models import Inspection
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.sending.services import suspend_acceptance
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.db import Base
from otit.jobs.models import JobAttempt, JobRun, JobStatus, Outcome
from otit.jobs.progress import Progress
from otit.jobs.runner import FAULT
from otit.places import PREFECTURES
from otit.saved_lists.models import SavedList
from otit.saved_lists.states import Sharing
from tests.cases import NOON, first_company, proposed, revoked
from tests.factories import NOW, TODAY, Factories
from tests.field_work import BOOKS, CUSTODY, Case
from tests.workbooks import IMPLEMENTING_HEADER, IMPLEMENTING_ROW, changed, table_bytes


class World:
    """Records in many states; `people` holds one person of each role, in charge of what there is."""

    def __init__(self, session: Session, factories: Factories) -> None:
        self.session, self.factories = session, factories
        self.case = Case(session, factories)
        self.manager = factories.user(Role.MANAGER)
        self.desk = factories.user(Role.INTERNATIONAL)
        self.people: dict[Role, User] = {
            Role.INSPECTOR: self.case.inspector,
            Role.LABOUR_STANDARDS: self.case.officer,
            Role.MANAGER: self.manager,
            Role.INTERNATIONAL: self.desk,
            Role.ADMINISTRATOR: factories.user(Role.ADMINISTRATOR),
            Role.READ_ONLY: self.case.reader,
        }
        self._registers()
        self._field_work()
        self._dispositions()
        self._reports()
        self._jobs()
        self._imports()

    def special(self, role: Role) -> list[str]:
        """Pages that show another state than the first one that links lead to."""
        before_the_visit = [f"/inspections/{self.planned.id}", f"/inspections/{self.planned.id}/visits/new"]
        return {
            Role.MANAGER: [
                f"/inspections/{self.free.id}",
                *before_the_visit,
                f"/imports/{self.sound_batch.id}",
                f"/organizations/{self.case.organization.id}/story",
                "/search?q=架空",
                "/search?q=nothing",
            ],
            Role.INSPECTOR: before_the_visit,
            Role.LABOUR_STANDARDS: [f"/joint-inspections/{self.joint.id}"],
        }.get(role, [])

    def _registers(self) -> None:
        union = self.factories.organization(OrganizationKind.SUPERVISING, representative="仮野　次郎")
        self.factories.license(union)
        self.factories.plan(self.case.organization, category=PlanCategory.D, supervising_organization_id=union.id)

        kept = {"endpoint": "inspections.index", "query": "state=open", "name": "架空の一覧", "created_at": NOW}
        self.factories.add(SavedList(owner_id=self.manager.id, sharing=Sharing.EVERYBODY, **kept))

    def _field_work(self) -> None:
        """An inspection with a violation, an instrument and the bureau's answer; others planned for today and free."""
        self.case.visit(BOOKS, CUSTODY)
        self.order: CorrectionOrder = self.case.order(due_on=date(2026, 11, 22))
        self.case.bureau_result()
        today = {"planned_on": TODAY, "assigned_to_id": self.case.inspector.id, "state": "assigned"}
        self.planned: Inspection = self.factories.inspection(**today)
        self.joint: Inspection = self.factories.inspection(**{**today, "bureau_code": "38"})
        self.free: Inspection = self.factories.inspection(due_on=date(2026, 11, 1), cycle="2026-11-01")

    def _dispositions(self) -> None:
        company = first_company(self.factories)
        plans = self.session.scalars(sa.select(TrainingPlan).filter_by(implementing_organization_id=company.id)).all()
        revoked(self.session, self.manager.actor, company, list(plans))
        other = self.factories.organization()
        plan = self.factories.plan(other, accredited_on=date(2018, 3, 1))
        proposed(self.session, self.manager.actor, other, [plan])

    def _reports(self) -> None:
        body = self.factories.sending_organization()
        texts = {"facts": "架空の保証金を徴収していた。", "request": "調査をお願いしたい。"}
        moc.draft(self.session, self.desk.actor, body, **texts, drafted_on=TODAY, now=NOON)
        reason = "架空の保証金の徴収"
        suspend_acceptance(self.session, self.desk.actor, body, starts_on=TODAY, reason=reason)

    def _jobs(self) -> None:
        """One that failed and so shows its attempts."""
        run = JobRun(
            kind="schedule-inspections",
            args={"business_date": TODAY.isoformat()},
            status=JobStatus.FAILED,
            error=FAULT,
            error_params={"run": "0" * 8},
            attempts=1,
            max_attempts=1,
            requested_by=self.manager.actor.audit_name,
            user_id=self.manager.id,
            started_at=NOON,
            finished_at=NOON,
        )
        run.tries.append(
            JobAttempt(
                number=1, worker="test:1", started_at=NOON, finished_at=NOON, outcome=Outcome.FAILED, error=FAULT
            )
        )
        self.failed_job: JobRun = self.factories.add(run)

    def _imports(self) -> None:
        """A list waiting for confirmation, and one with errors and remarks."""
        first = (("実習実施者一覧",), IMPLEMENTING_HEADER)
        self.sound_batch = self._batch(table_bytes([*first, IMPLEMENTING_ROW]))
        wrong = changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 届出受理日="令和元年2月30日", 法人番号="1999900000001")
        odd = changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, 届出受理番号="17110", 住所="架空町4-5")
        self.faulty_batch = self._batch(table_bytes([*first, wrong, odd]))

    def _batch(self, content: bytes) -> ImportBatch:
        actor = self.manager.actor
        batch = imports.upload(self.session, actor, content, "実習実施者.xlsx", kind=None, now=NOON)
        imports.read(self.session, actor, batch, today=TODAY, progress=Progress("test", None))
        return batch


# Columns and keys that hold the program's own words, kept as msgids.
PROGRAM_TEXTS = {"message", "error", "failure", "header"}


def written(session: Session) -> set[str]:
    """What people have written and the tables keep: names, addresses, remarks; not what the program says itself."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        texts = [column for column in table.columns if isinstance(column.type, sa.String | sa.JSON)]
        columns = [column for column in texts if column.name not in PROGRAM_TEXTS]
        for row in session.execute(sa.select(*columns)) if columns else ():
            found.update(text for value in row for text in _texts(value))
    places = session.execute(sa.select(Organization.prefecture_code, Organization.address))
    return found | {PREFECTURES[code] + address for code, address in places}  # an address is written in one


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict):
        yield from (text for key, part in value.items() if key not in PROGRAM_TEXTS for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))

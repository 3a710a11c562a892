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
from inspections.triggers import services as triggers
from organizations.accreditation import changes
from organizations.accreditation import services as accreditation
from organizations.accreditation.changes import ChangeFacts
from organizations.licenses.states import LicenseClass
from organizations.licensing.states import ApplicationPurpose
from organizations.merging.finding import find_candidates
from organizations.merging.queries import pair_of
from organizations.merging.services import merge, separate
from organizations.notices.services import NoticeFacts, record_difficulty
from organizations.notices.states import DifficultyReason
from organizations.occupations.codes import sort_key
from organizations.occupations.models import Occupation
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory
from organizations.register.business import NoticeFacts as BusinessFacts
from organizations.register.business import record_business_notice
from organizations.register.models import FormerName, Organization
from organizations.register.officers import OfficerFacts, add_officer
from organizations.register.place_acts import PlaceFacts, add_place
from organizations.register.states import BusinessAct, OfficerPosition, OrganizationKind, PlaceKind
from organizations.relations.services import Contract, begin_supervision
from organizations.sending.focal_points import FocalPointDetails, add_focal_point
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
        self._papers()
        self._field_work()
        self._dispositions()
        self._reports()
        self._jobs()
        self._imports()
        self._duplicates()

    def special(self, role: Role) -> list[str]:
        """Pages that show another state than the first one that links lead to."""
        before_the_visit = [f"/inspections/{self.planned.id}", f"/inspections/{self.planned.id}/visits/new"]
        return {
            Role.MANAGER: [
                f"/inspections/{self.free.id}",
                *before_the_visit,
                f"/imports/{self.sound_batch.id}",
                f"/plan-applications/{self.application.id}",
                f"/triggers/{self.trigger.id}",
                f"/organizations/{self.case.organization.id}/story",
                "/search?q=架空",
                "/search?q=nothing",
            ],
            Role.INSPECTOR: before_the_visit,
            Role.LABOUR_STANDARDS: [f"/joint-inspections/{self.joint.id}"],
        }.get(role, [])

    def _registers(self) -> None:
        union = self.factories.organization(OrganizationKind.SUPERVISING, representative="仮野　次郎")
        license = self.factories.license(union)
        self.factories.condition(license)
        self.factories.application(license=license)
        found = {"state": "facts_found", "facts_found_on": date(2026, 10, 1), "facts_found": "架空の調査で確かめた。"}
        general = self.factories.license(license_class=LicenseClass.GENERAL, expires_on=date(2029, 5, 31))
        change = {"purpose": ApplicationPurpose.CLASS_CHANGE, "license_class": LicenseClass.SPECIFIC}
        self.factories.application(license=general, **change, **found)
        self.factories.plan(self.case.organization, category=PlanCategory.D, supervising_organization_id=union.id)
        listed = {"scheme": "tit", "sector": "架空の分野", "valid_from": date(2017, 11, 1)}
        for code, name in (("3-90", "架空職種"), ("3-90-1", "架空作業")):
            self.factories.add(Occupation(code=code, sort_key=sort_key(code), name=name, **listed))
        details = FocalPointDetails("架空の省", date(2020, 4, 1), email="desk@example.org")
        add_focal_point(self.session, self.desk.actor, "VNM", details)
        self._parts(union)

    def _papers(self) -> None:
        """Applications, changes, a disappearance with its trigger, another trigger with an inspection."""
        actor, body = self.manager.actor, self.case.organization
        plan = self.factories.plan(body, trainee_id=self.factories.trainee().id)
        change = {"occupation_code": "3-5", "ends_on": date(2027, 2, 28)}
        facts = ChangeFacts(date(2026, 11, 10), date(2026, 12, 1), "架空の変更", change)
        changes.apply_for_change(self.session, actor, plan, facts, now=NOON)
        late = ChangeFacts(date(2026, 11, 10), date(2026, 8, 1), "架空の届出")
        changes.note_minor_change(self.session, actor, plan, late, now=NOON)
        decided = self.factories.plan_application(body)
        accreditation.accredit(self.session, actor, decided, on=TODAY, now=NOON)
        self.application = self.factories.plan_application(body, trainee_id=plan.trainee_id)
        noted = NoticeFacts(DifficultyReason.DISAPPEARANCE, date(2026, 11, 10), date(2026, 11, 17), "架空の事情")
        record_difficulty(self.session, actor, plan, noted, now=NOON)
        self.trigger = self.factories.trigger(body)
        triggers.demand(self.session, actor, self.trigger, reason="架空の理由", due_on=date(2026, 12, 24), now=NOON)

    def _parts(self, union: Organization) -> None:
        """What belongs to the two bodies: an officer who has left, a dormitory, a former name, their contract, and a
        notice that came late and lies ahead."""
        body, actor = self.case.organization, self.manager.actor
        for officer in (
            OfficerFacts(OfficerPosition.DIRECTOR, "仮野　良子", date(2020, 4, 1)),
            OfficerFacts(OfficerPosition.AUDITOR, "仮野　五郎", date(2020, 4, 1), date(2024, 3, 31)),
        ):
            add_officer(self.session, actor, body, officer, now=NOON)
        add_place(self.session, actor, body, PlaceFacts(PlaceKind.DORMITORY, "架空寮", "38", "架空市1"))
        former = {"name": "有限会社架空旧名", "name_key": "有限会社架空旧名", "used_until": date(2022, 3, 31)}
        self.factories.add(FormerName(organization_id=body.id, **former))
        begin_supervision(self.session, actor, Contract(union, body, None, date(2025, 4, 1)))
        notice = BusinessFacts(BusinessAct.SUSPEND, TODAY, date(2026, 12, 1))
        record_business_notice(self.session, actor, union, notice, now=NOON)

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

    def _duplicates(self) -> None:
        """A pair to be looked at, one judged to be two bodies, and a merge."""
        actor, make = self.manager.actor, self.factories.organization
        bodies = [make(name="架空松山木工", address_key="愛媛県架空市1", phone="089-000-0001") for _ in range(3)]
        find_candidates(self.session, actor, today=TODAY)
        separate(self.session, actor, pair_of(self.session, bodies[0].id, bodies[2].id), reason="架空の判断")
        merge(self.session, actor, make(), make(industry="架空の業"), reason="架空の重複", now=NOON)

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

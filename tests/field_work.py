"""A case for tests of field work: an organization in Ehime, its people, and the acts up to an instrument."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from inspections.joint.services import ResultReport, record_result
from inspections.orders import services as orders
from inspections.orders.issuing import Draft
from inspections.orders.models import CorrectionOrder
from inspections.orders.states import Instrument
from inspections.scheduling.models import Inspection
from inspections.scheduling.states import InspectionState
from inspections.violations.findings import Finding
from inspections.violations.models import Violation
from inspections.violations.queries import violations_of
from inspections.visits.models import Visit
from inspections.visits.services import VisitReport, log_visit
from inspections.visits.states import VisitOutcome
from otit.auth.permissions import Role
from tests.factories import NOW, TODAY, Factories

VISITED = date(2026, 11, 20)
BOOKS = Finding("IO-BOOKS", "TIT-20", date(2026, 11, 1), "管理簿が作成されていなかった。")
CUSTODY = Finding("ID-CUSTODY", "TIT-48-1", date(2026, 10, 1), "旅券を事務所で保管していた。")
PREMIUM = Finding("LSI-PREMIUM", "LSA-37", date(2026, 10, 31), "時間外の割増賃金が不足していた。")
BUREAU = "38"


class Case:
    """An assigned inspection, joint with the Ehime bureau; `inspector` has it, `other_inspector` is of the office."""

    def __init__(self, session: Session, factories: Factories, **values: Any) -> None:
        self.session, self.factories = session, factories
        self.inspector = factories.user(Role.INSPECTOR)
        self.other_inspector = factories.user(Role.INSPECTOR)
        self.elsewhere = factories.user(Role.INSPECTOR, office_code="08")
        self.manager = factories.user(Role.MANAGER, office_code="11")
        self.reader = factories.user(Role.READ_ONLY)
        self.officer = factories.user(Role.LABOUR_STANDARDS)
        self.other_officer = factories.user(Role.LABOUR_STANDARDS, bureau_code="37")
        self.organization = factories.organization(phone="089-000-0000")
        defaults: dict[str, Any] = {
            "state": InspectionState.ASSIGNED,
            "assigned_to_id": self.inspector.id,
            "planned_on": VISITED,
            "bureau_code": BUREAU,
        }
        self.inspection: Inspection = factories.inspection(self.organization, **defaults | values)

    def visit(self, *findings: Finding, **values: Any) -> Visit:
        defaults: dict[str, Any] = {
            "visited_on": VISITED,
            "outcome": VisitOutcome.DONE,
            "people_present": "技能実習責任者　架空一郎",
            "observations": "宿泊施設を確認した。",
            "findings": findings,
        }
        report = VisitReport(**defaults | values)
        return log_visit(self.session, self.inspector.actor, self.inspection, report, now=NOW, today=TODAY)

    def violations(self) -> list[Violation]:
        return list(violations_of(self.session, self.inspector.actor, self.inspection.id))

    def draft(self, *violations: Violation, **values: Any) -> Draft:
        instrument = Instrument.IMPROVEMENT_RECOMMENDATION if violations else Instrument.IMPROVEMENT_GUIDANCE
        defaults: dict[str, Any] = {
            "instrument": instrument,
            "text": "管理簿を作成し、備え付けること。",
            "issued_on": date(2026, 11, 21),
            "due_on": date(2026, 12, 21),
            "violation_ids": [row.id for row in violations],
        }
        return Draft(**defaults | values)

    def order(self, **values: Any) -> CorrectionOrder:
        """A 改善勧告 on everything that the visit found; makes the visit when there was none."""
        found = self.violations() or (self.visit(BOOKS), self.violations())[1]
        draft = self.draft(*found, **values)
        return orders.issue(self.session, self.inspector.actor, self.inspection, draft, now=NOW, today=TODAY)

    def bureau_result(self, **values: Any) -> Any:
        defaults: dict[str, Any] = {
            "visited_on": VISITED,
            "violation_found": True,
            "summary": "割増賃金の不足を認めた。",
            "confidential": "申告者は在籍中の実習生である。",
        }
        report = ResultReport(**defaults | values)
        return record_result(self.session, self.officer.actor, self.inspection, report, now=NOW, today=TODAY)

"""Two register rows for one body, with a row of every kind hanging on them. Invented names only."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.dispositions.models import Disposition
from inspections.dispositions.states import DispositionKind
from inspections.scheduling.states import InspectionState
from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerKind
from organizations.accreditation.models import PlanApplication
from organizations.licenses.states import LicenseState
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose
from organizations.plans.states import PlanCategory
from organizations.register.models import BusinessNotice, FormerName, Officer, Organization, Place
from organizations.register.states import BusinessAct, OfficerPosition, OrganizationKind, PlaceKind, Scheme
from organizations.relations.models import Supervision
from otit.auth.models import User
from otit.db import Base
from tests.factories import NOW, TODAY, Factories

SUPERVISING, IMPLEMENTING = OrganizationKind.SUPERVISING, OrganizationKind.IMPLEMENTING
PROVISION = {"provision_code": "TIT-23-1", "provision_from": date(2017, 11, 1)}
# What a merge writes anew by its nature.
LEFT_OUT = {"audit_events", "audit_head", "organization_merges", "duplicate_candidates", "users"}
NOT_COMPARED = {"version", "updated_at"}


def dump(session: Session) -> dict[str, list[Any]]:
    """Every row of every table, apart from versions, the audit trail and the merges themselves."""
    session.flush()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            columns = [column for column in table.columns if column.name not in NOT_COMPARED]
            found[table.name] = [
                tuple(row) for row in session.execute(sa.select(*columns).order_by(*table.primary_key))
            ]
    return found


class Twins:
    """Makes bodies with everything that can hang on one."""

    def __init__(self, session: Session, factories: Factories, user: User) -> None:
        self.session, self.factories, self.user = session, factories, user

    def implementing(self, name: str = "株式会社架空縫製", **values: Any) -> Organization:
        body = self.factories.organization(IMPLEMENTING, name=name, **values)
        self._register_rows(body)
        union = self.factories.organization(SUPERVISING)
        plan = self.factories.plan(body, category=PlanCategory.D, supervising_organization_id=union.id)
        self._application(body, union)
        self._supervision(body, union)
        self._field_work(body, plan_id=plan.id)
        return body

    def supervising(self, name: str = "架空協同組合", **values: Any) -> Organization:
        body = self.factories.organization(SUPERVISING, name=name, **values)
        self._register_rows(body)
        over = {"state": LicenseState.EXPIRED, "licensed_on": date(2018, 1, 1), "expires_on": date(2020, 12, 31)}
        license = self.factories.license(body, **over)
        self._license_application(body, license.id)
        company = self.factories.organization()
        plan = self.factories.plan(company, category=PlanCategory.D, supervising_organization_id=body.id)
        self._application(company, body)
        self._supervision(company, body)
        self._field_work(body, plan_id=plan.id)
        return body

    def _register_rows(self, body: Organization) -> None:
        own = {"organization_id": body.id}
        before = {"name": "旧架空縫製", "name_key": "旧架空縫製"}
        since = date(2020, 4, 1)
        self.factories.add(FormerName(**own, **before, used_until=since))
        self.factories.add(Officer(**own, **before, position=OfficerPosition.DIRECTOR, starts_on=since))
        place = {"kind": PlaceKind.DORMITORY, "name": "架空寮", "prefecture_code": "38", "address": "架空市1"}
        self.factories.add(Place(**own, **place))
        notice = {"act": BusinessAct.SUSPEND, "notified_on": since, "effective_on": since}
        self.factories.add(BusinessNotice(**own, **notice, recorded_at=NOW))
        self.factories.organization(body.kind, merged_into_id=body.id)

    def _application(self, body: Organization, union: Organization) -> None:
        number = f"認26{next(self.factories.numbers):08d}"
        values = {"number": number, "scheme": Scheme.TECHNICAL_INTERN_TRAINING, "category": PlanCategory.D}
        term = {"applied_on": TODAY, "starts_on": TODAY, "ends_on": TODAY + timedelta(days=364)}
        bodies = {"implementing_organization_id": body.id, "supervising_organization_id": union.id}
        self.factories.add(PlanApplication(**values, **term, **bodies, **PROVISION, created_at=NOW))

    def _supervision(self, body: Organization, union: Organization) -> None:
        bodies = {"implementing_organization_id": body.id, "supervising_organization_id": union.id}
        self.factories.add(Supervision(**bodies, starts_on=date(2024, 4, 1)))

    def _license_application(self, body: Organization, license_id: int) -> None:
        values = {"scheme": Scheme.TECHNICAL_INTERN_TRAINING, "license_class": "specific", "license_id": license_id}
        number, own = f"許26{next(self.factories.numbers):08d}", {"organization_id": body.id}
        over = {"state": "withdrawn", "withdrawn_on": TODAY, "purpose": ApplicationPurpose.RENEWAL}
        self.factories.add(
            LicenseApplication(number=number, **own, **values, **over, applied_on=TODAY, **PROVISION, created_at=NOW)
        )

    def _field_work(self, body: Organization, plan_id: int) -> None:
        done = {"state": InspectionState.DONE, "completed_on": date(2024, 5, 1)}
        inspection = self.factories.inspection(body, **done)
        n = next(self.factories.numbers)
        own = {"organization_id": body.id, "office_code": body.office_code, "created_at": NOW}
        proposal = {"proposed_kind": DispositionKind.IMPROVEMENT_ORDER, "proposed_on": TODAY, "reason": "架空の理由"}
        people = {"proposed_by_id": self.user.id, "inspection_id": inspection.id}
        self.factories.add(Disposition(number=f"処{n}", **own, **proposal, **people))
        heard = {"kind": TriggerKind.CONSULTATION, "received_on": TODAY, "summary": "架空の相談", "plan_id": plan_id}
        self.factories.add(Trigger(number=f"端{n}", **own, **heard, created_by="system:test"))

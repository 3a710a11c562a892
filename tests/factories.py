"""Records for tests, with invented names. Each method adds and flushes one record; every argument has a default."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from inspections.scheduling.models import Inspection
from inspections.scheduling.states import DueBasis, InspectionKind, InspectionState
from inspections.triggers.models import Trigger
from inspections.triggers.states import TriggerKind
from organizations.accreditation.models import PlanApplication
from organizations.licenses.history import write_history
from organizations.licenses.models import License, LicenseCondition
from organizations.licenses.states import LicenseClass, TermGround
from organizations.licenses.terms import Term
from organizations.licensing.models import LicenseApplication
from organizations.licensing.states import ApplicationPurpose
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory, Scheme
from organizations.register.models import Organization
from organizations.register.states import OrganizationKind
from organizations.sending.models import SendingOrganization
from organizations.trainees.models import Trainee
from otit.auth.models import User
from otit.auth.permissions import Role
from otit.places import OFFICE_OF_PREFECTURE
from otit.text import match_key, phone_key

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
# argon2id of PASSWORD with the least cost: the suite signs in hundreds of times.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$afnhd50GGzil/RYa3V8hCg$KAP3U4wUBY23hGCNen9eVrz8As/hcKUaP/1K4m2ON04"


class Factories:
    """One number for everything keeps generated names and numbers unique within a test."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.numbers = count(1)

    def add(self, record: Any) -> Any:
        self.session.add(record)
        self.session.flush()
        return record

    def user(self, role: Role = Role.MANAGER, **values: Any) -> User:
        n = next(self.numbers)
        defaults: dict[str, Any] = {
            "username": f"{role.value.replace('_', '-')}-{n}",
            "display_name": f"試験　{n}郎",
            "role": role,
            "office_code": "11" if role is Role.INSPECTOR else None,
            "bureau_code": "38" if role is Role.LABOUR_STANDARDS else None,
            "password_hash": PASSWORD_HASH,
            "created_at": NOW,
        }
        user: User = self.add(User(**defaults | values))
        return user

    def organization(self, kind: OrganizationKind = OrganizationKind.IMPLEMENTING, **values: Any) -> Organization:
        n = next(self.numbers)
        prefecture = values.pop("prefecture_code", "38")
        supervising = kind is OrganizationKind.SUPERVISING
        name = values.pop("name", f"架空試験協同組合{n}" if supervising else f"株式会社架空試験工業{n}")
        defaults: dict[str, Any] = {
            "kind": kind,
            "name": name,
            "name_key": match_key(name),
            "kana_key": match_key(values.get("kana") or ""),
            "prefecture_code": prefecture,
            "office_code": OFFICE_OF_PREFECTURE[prefecture],
            "address": f"架空市試験町{n}-1",
            "address_key": match_key(f"架空市試験町{n}-1"),
            "phone_key": phone_key(values.get("phone")),
            "first_training_on": None if supervising else date(2024, 4, 1),
            "created_at": NOW,
            "updated_at": NOW,
        }
        organization: Organization = self.add(Organization(**defaults | values))
        return organization

    def license(self, organization: Organization | None = None, **values: Any) -> License:
        owner = organization or self.organization(OrganizationKind.SUPERVISING)
        defaults: dict[str, Any] = {
            "organization_id": owner.id,
            "number": f"許21{owner.office_code}{next(self.numbers):06d}",
            "license_class": LicenseClass.SPECIFIC,
            "licensed_on": date(2024, 6, 1),
            "expires_on": date(2027, 5, 31),
        }
        row: License = self.add(License(**defaults | values))
        term = Term(row.license_class, row.licensed_on, row.expires_on, TermGround.LICENSED)
        write_history(self.session, row, [term])
        return row

    def application(self, organization: Organization | None = None, **values: Any) -> LicenseApplication:
        """For a new licence, or with `license` for its renewal."""
        license: License | None = values.get("license")
        owner = license.organization if license else organization or self.organization(OrganizationKind.SUPERVISING)
        license_class = values.setdefault("license_class", license.license_class if license else LicenseClass.SPECIFIC)
        purpose = ApplicationPurpose.RENEWAL if license else ApplicationPurpose.NEW
        defaults: dict[str, Any] = {
            "number": f"許26{owner.office_code}9{next(self.numbers):05d}",
            "organization": owner,
            "scheme": license_class.scheme,
            "purpose": purpose,
            "applied_on": date(2026, 7, 1),
            "provision_code": "TIT-23-1",
            "provision_from": date(2017, 11, 1),
            "created_at": NOW,
        }
        row: LicenseApplication = self.add(LicenseApplication(**defaults | values))
        return row

    def condition(self, license: License, **values: Any) -> LicenseCondition:
        defaults: dict[str, Any] = {
            "license": license,
            "text": "架空の条件を守ること。",
            "starts_on": date(2026, 4, 1),
            "provision_code": "TIT-30-1",
            "provision_from": date(2017, 11, 1),
        }
        row: LicenseCondition = self.add(LicenseCondition(**defaults | values))
        return row

    def plan(self, organization: Organization | None = None, **values: Any) -> TrainingPlan:
        owner = organization or self.organization()
        category = values.pop("category", PlanCategory.A)
        supervising = self.session.get(Organization, values.get("supervising_organization_id") or 0)
        defaults: dict[str, Any] = {
            "number": f"認24{owner.office_code}{next(self.numbers):06d}",
            "category": category,
            "implementing_organization_id": owner.id,
            "implementing_office_code": owner.office_code,
            "supervising_office_code": supervising.office_code if supervising else None,
            "accredited_on": date(2026, 3, 1),
            "starts_on": date(2026, 4, 1),
            "ends_on": date(2027, 3, 31),
        }
        row: TrainingPlan = self.add(TrainingPlan(**defaults | values))
        return row

    def trainee(self, **values: Any) -> Trainee:
        name = values.pop("name", f"KASOU NINGEN {next(self.numbers)}")
        defaults: dict[str, Any] = {
            "name": name,
            "name_key": match_key(name),
            "nationality": "VNM",
            "born_on": date(2001, 5, 6),
            "created_at": NOW,
        }
        row: Trainee = self.add(Trainee(**defaults | values))
        return row

    def plan_application(self, organization: Organization | None = None, **values: Any) -> PlanApplication:
        owner = organization or self.organization()
        defaults: dict[str, Any] = {
            "number": f"認26{owner.office_code}{next(self.numbers):06d}",
            "scheme": Scheme.TECHNICAL_INTERN_TRAINING,
            "category": PlanCategory.A,
            "implementing_organization_id": owner.id,
            "applied_on": date(2026, 11, 2),
            "starts_on": date(2027, 4, 1),
            "ends_on": date(2028, 3, 31),
            "provision_code": "TIT-8",
            "provision_from": date(2017, 11, 1),
            "created_at": NOW,
        }
        row: PlanApplication = self.add(PlanApplication(**defaults | values))
        return row

    def trigger(self, organization: Organization | None = None, **values: Any) -> Trigger:
        owner = organization or self.organization()
        defaults: dict[str, Any] = {
            "number": f"26-T-{next(self.numbers):06d}",
            "kind": TriggerKind.CONSULTATION,
            "organization_id": owner.id,
            "office_code": owner.office_code,
            "received_on": date(2026, 11, 12),
            "summary": "寮費が実費を超えているとの架空の相談。",
            "created_at": NOW,
            "created_by": "system:test",
        }
        row: Trigger = self.add(Trigger(**defaults | values))
        return row

    def sending_organization(self, **values: Any) -> SendingOrganization:
        n = next(self.numbers)
        name = values.pop("name", f"Imaginary Manpower {n}")
        defaults: dict[str, Any] = {
            "country": "VNM",
            "number": f"VNM{n:06d}",
            "name": name,
            "name_key": match_key(name),
            "created_at": NOW,
            "updated_at": NOW,
        }
        row: SendingOrganization = self.add(SendingOrganization(**defaults | values))
        return row

    def inspection(self, organization: Organization | None = None, **values: Any) -> Inspection:
        owner = organization or self.organization()
        defaults: dict[str, Any] = {
            "number": f"26-{owner.office_code}-{next(self.numbers):06d}",
            "organization_id": owner.id,
            "kind": InspectionKind.PERIODIC,
            "due_on": date(2027, 3, 31),
            "due_basis": DueBasis.FIRST_TRAINING,
            "due_basis_on": date(2024, 4, 1),
            "state": InspectionState.PLANNED,
            "owner_office_code": owner.office_code,
            "office_code": owner.office_code,
            "created_at": NOW,
            "created_by": "system:test",
        }
        if values.get("kind", InspectionKind.PERIODIC) is InspectionKind.PERIODIC:
            defaults["cycle"] = "2027-03-31"
        row: Inspection = self.add(Inspection(**defaults | values))
        return row

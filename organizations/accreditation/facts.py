"""The facts about a plan that the criteria look at. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from organizations.accreditation.crosschecks import Known
from organizations.licenses.states import LicenseClass
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory, Scheme


@dataclass(frozen=True)
class Supervisor:
    """`license_class` is that of the day looked at, None when no licence lives on it. `ends_on` is the last day of one
    that ends before while its renewal is applied for: its class is then the one that would go on."""

    license_class: LicenseClass | None
    suspended: bool = False
    closed: bool = False
    ends_on: date | None = None


@dataclass(frozen=True)
class OccupationFacts:
    """The code in the register of occupations on the first day. `extra_caps`: care (`is_care`) and construction."""

    code: str | None = None
    known: bool = True
    transferable: bool = True
    extra_caps: bool = False
    is_care: bool = False


@dataclass(frozen=True)
class Sender:
    """On the day looked at. `approved` is None where no memorandum asks for the approval of the sending state."""

    approved: bool | None = True
    suspended_from: date | None = None
    country: str | None = None


@dataclass(frozen=True)
class Accredited:
    """A plan that was accredited already, as a list brings it. Its bodies are those of the day of accreditation, its
    occupation that of the first day of training, None where nothing is known of it. Only a list with a column of the
    sending organizations tells that there is none (`tells_sender`)."""

    category: PlanCategory
    accredited_on: date
    starts_on: date
    ends_on: date
    supervisor: Supervisor | None = None
    sender: Sender | None = None
    bar_until: date | None = None
    occupation: OccupationFacts | None = None
    nationality: str | None = None
    tells_sender: bool = False


@dataclass(frozen=True)
class Facts:
    """The bodies of the plan are those of the first day of training. `decided_on` is the day for which the bar is
    looked at; `in_force` counts the trainees of the implementing organization by level on the first day, without this
    one. `is_new` tells an application from a change, `is_contracted` whether the two bodies of a group-type plan have a
    contract on its days."""

    category: PlanCategory
    applied_on: date
    starts_on: date
    ends_on: date
    decided_on: date
    supervisor: Supervisor | None = None
    occupation: OccupationFacts = field(default_factory=OccupationFacts)
    sender: Sender | None = None
    staff_count: int | None = None
    is_excellent: bool = False
    is_closed: bool = False
    bar_until: date | None = None
    in_force: Mapping[int, int] = field(default_factory=dict)
    number_is_odd: bool = False
    is_new: bool = True
    is_contracted: bool = True
    nationality: str | None = None
    known: Known = field(default_factory=Known)

    @property
    def first_day(self) -> date:
        """Of the training that may still be accredited."""
        return max(self.starts_on, self.decided_on)

    @property
    def is_group(self) -> bool:
        return self.category in GROUP_CATEGORIES

    @property
    def is_esd(self) -> bool:
        return self.category.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT

    @property
    def is_excellent_pair(self) -> bool:
        general = self.supervisor is not None and self.supervisor.license_class is LicenseClass.GENERAL
        return self.is_excellent and general

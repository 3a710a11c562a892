"""A finding as an officer writes it, and the provision it cites: the version in force on the day of the fact."""

from dataclasses import dataclass
from datetime import date

from inspections.violations.states import Authority
from organizations.register.states import OrganizationKind
from otit.errors import RuleViolation, UserError
from otit.law.provisions import Provision, provision
from otit.law.terms import TargetKind
from otit.law.violations import ViolationCategory, labour_categories, otit_categories, violation_category
from otit.text import N_


@dataclass(frozen=True)
class Finding:
    """`category_code` is our statistical category, `provision_code` one of its provisions, `fact_on` the day on which
    the violation was a fact (it decides which version of the law is cited)."""

    category_code: str
    provision_code: str
    fact_on: date
    description: str


def categories(kind: OrganizationKind, authority: Authority, on: date) -> list[ViolationCategory]:
    """What this authority can find at such an organization; categories without a confirmed provision are left out,
    because a violation is one provision cited."""
    target = TargetKind(kind.value)
    found = otit_categories(target, on) if authority is Authority.OTIT else labour_categories(on)
    return [category for category in found if category.provisions and target in category.targets]


def cite(finding: Finding, kind: OrganizationKind, authority: Authority) -> Provision:
    """The version of the provision that was in force on the day of the fact.

    Raises RuleViolation (field "finding" or "fact_on") when the category is not this authority's or not about this
    kind of organization, the provision is not in it, or no version was in force on that day.
    """
    try:
        category = violation_category(finding.category_code, finding.fact_on)
        cited = provision(finding.provision_code, finding.fact_on)
    except UserError as error:
        raise RuleViolation(error.message, error.params, field="fact_on") from error
    allowed = category in categories(kind, authority, finding.fact_on)
    if not allowed or finding.provision_code not in category.provisions:
        raise RuleViolation(N_("この種類の団体では選べない違反です。"), field="finding")
    return cited

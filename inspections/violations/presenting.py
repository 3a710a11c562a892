"""Provisions and categories in the reader's language, for forms and pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from inspections.violations.findings import categories
from inspections.violations.models import Violation
from inspections.violations.states import Authority
from organizations.register.states import OrganizationKind
from otit.law.citations import citation_en, citation_ja
from otit.law.provisions import Provision, cited_provision
from otit.web.forms import SelectChoice
from otit.web.language import english

SEPARATOR = "|"


@dataclass(frozen=True)
class ShownViolation:
    """`citation` is 法第48条第1項, `title` what the provision is about."""

    violation: Violation
    citation: str
    title: str


def citation(provision: Provision) -> str:
    return citation_en(provision) if english() else citation_ja(provision)


def title(provision: Provision) -> str:
    return provision.title("en" if english() else "ja")


def shown(violations: Iterable[Violation]) -> list[ShownViolation]:
    """Each with the version of the provision that it cites."""
    rows = []
    for violation in violations:
        provision = cited_provision(violation.provision_code, violation.provision_from)
        rows.append(ShownViolation(violation, citation(provision), title(provision)))
    return rows


def finding_choices(kind: OrganizationKind, authority: Authority, on: date) -> list[SelectChoice]:
    """Category and provision in one choice ("IO-BOOKS|TIT-20"), under the headings of the statistics."""
    choices = [SelectChoice(value="", label=_("選択してください"), optgroup=_("違反の条文"))]
    for category in categories(kind, authority, on):
        group, name = str(_(category.group.label)), category.title("en" if english() else "ja")
        for provision in category.provisions_on(on):
            value = SEPARATOR.join((category.code, provision.code))
            choices.append(SelectChoice(value=value, label=f"{name} — {citation(provision)}", optgroup=group))
    return choices

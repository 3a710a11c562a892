"""What the criteria say of an application: refusals stop the accreditation, all else is shown and kept with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from otit.audit.trail import plain
from otit.errors import RuleViolation
from otit.labels import Labelled
from otit.text import N_


class Severity(Labelled):
    """A grave finding is to be treated as not meeting the criteria; a person decides, never the system alone."""

    REFUSAL = "refusal", N_("認定できない事由"), "danger"
    GRAVE = "grave", N_("基準に適合しない扱い"), "danger"
    WARNING = "warning", N_("確認を要する"), "warning"


@dataclass(frozen=True)
class Finding:
    """`message` is a msgid that `params` fill; `citation` is the provision, a msgid as well."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    citation: str | None = None
    severity: Severity = Severity.WARNING


def refusal(message: str, citation: str, **params: Any) -> Finding:
    return Finding(message, params, citation, Severity.REFUSAL)


def warning(message: str, citation: str | None = None, **params: Any) -> Finding:
    return Finding(message, params, citation)


def refuse_first(findings: Iterable[Finding]) -> None:
    """Raises the first refusal among the findings as a RuleViolation."""
    for found in findings:
        if found.severity is Severity.REFUSAL:
            raise RuleViolation(found.message, found.params, citation=found.citation)


def stored(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """As a decision keeps them."""
    return [
        {
            "message": found.message,
            "params": plain(dict(found.params)),
            "citation": found.citation,
            "severity": found.severity.value,
        }
        for found in findings
    ]

"""What a person has to look at before an act, and what is kept of it with the decision. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from otit.audit.trail import plain
from otit.errors import RuleViolation, refuse_all
from otit.labels import Labelled
from otit.text import N_

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Severity(Labelled):
    """A refusal stops the act. A grave finding speaks against it: a person decides, never the system alone. A warning
    is to be looked at, a note tells what else will happen."""

    REFUSAL = "refusal", N_("認められない事由"), "danger"
    GRAVE = "grave", N_("重大な確認事項"), "danger"
    WARNING = "warning", N_("確認を要する"), "warning"
    NOTE = "note", N_("参考"), "info"


@dataclass(frozen=True)
class Finding:
    """`message` is a msgid that `params` fill; `citation` is the provision, a msgid as well. `code` names the rule in
    the audit trail. `organization_id` is the body it speaks of, linked for those who may see it."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    citation: str | None = None
    severity: Severity = Severity.WARNING
    code: str = ""
    organization_id: int | None = None


def refusal(message: str, citation: str | None = None, **params: Any) -> Finding:
    return Finding(message, params, citation, Severity.REFUSAL)


def grave(message: str, citation: str | None = None, **params: Any) -> Finding:
    return Finding(message, params, citation, Severity.GRAVE)


def warning(message: str, citation: str | None = None, **params: Any) -> Finding:
    return Finding(message, params, citation)


def note(message: str, **params: Any) -> Finding:
    return Finding(message, params, severity=Severity.NOTE)


def refuse_any(findings: Iterable[Finding]) -> None:
    """Raises the refusals among the findings as RuleViolations, all at once."""
    refused = (one for one in findings if one.severity is Severity.REFUSAL)
    refuse_all(RuleViolation(one.message, one.params, citation=one.citation) for one in refused)


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


def restored(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """What a decision has kept. Dates are dates again, so that they are shown in the reader's language."""
    return [
        Finding(
            row["message"],
            {name: _typed(value) for name, value in row["params"].items()},
            row["citation"],
            Severity(row.get("severity", Severity.WARNING)),
        )
        for row in rows
    ]


def _typed(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and _ISO_DAY.fullmatch(value) else value


def digest(findings: Sequence[Finding]) -> str:
    """Tells whether two people, or one person twice, look at the same findings."""
    texts = [
        f"{one.code or one.message}:{one.organization_id}:{sorted(map(str, one.params.items()))}" for one in findings
    ]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16] if texts else ""


def require_seen(findings: Sequence[Finding], seen: str) -> None:
    """Raises RuleViolation unless `seen` is the digest of these findings: nobody decides past one that was not
    shown."""
    if digest(findings) != seen:
        raise RuleViolation(N_("記録する前に、示された確認事項をすべて確かめてください。"), field="confirmed")


def noted(findings: Sequence[Finding]) -> dict[str, Any]:
    """What the audit trail keeps of the findings that were shown before the act."""
    return {"findings": [one.code for one in findings]} if findings else {}

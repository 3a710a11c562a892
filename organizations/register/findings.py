"""What a person has to look at before an act that no rule forbids. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """`message` is a Japanese msgid with its parameters, `citation` the provision. `organization_id` is the body it
    speaks of, linked for those who may see it."""

    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    citation: str | None = None
    organization_id: int | None = None


def digest(findings: Sequence[Finding]) -> str:
    """Tells whether two people, or one person twice, look at the same findings."""
    texts = [f"{one.code}:{one.organization_id}:{sorted(map(str, one.params.items()))}" for one in findings]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16] if texts else ""


def noted(findings: Sequence[Finding]) -> dict[str, Any]:
    """What the audit trail keeps of the findings that were shown before the act."""
    return {"findings": [one.code for one in findings]} if findings else {}

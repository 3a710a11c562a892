"""What a merge would do, before it is done: rows by table, facts taken over, what follows, what stands against it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from organizations.merging import facts, queries, rows
from organizations.merging.clashes import clashes
from organizations.merging.judging import judgements
from organizations.merging.names import becomes_former
from organizations.merging.signals import foreseen
from organizations.merging.states import CandidateState
from organizations.register.models import Organization
from otit.audit.trail import plain
from otit.findings import Finding, Severity, note, refusal, refuse_any, stored
from otit.text import N_


@dataclass(frozen=True)
class MergePlan:
    """`moves` is {table.column: number of rows}; of `findings`, a refusal stands against the merge, a warning is
    kept with it, a note tells what else will happen."""

    moves: dict[str, int]
    filled: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def objections(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.REFUSAL]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        return stored(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def digest(self) -> str:
        """Equal as long as the merge would do the same."""
        body = json.dumps(plain(asdict(self)), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()[:32]

    def require_clear(self) -> None:
        refuse_any(self.findings)


def foresee(session: Session, kept: Organization, duplicate: Organization, *, today: date) -> MergePlan:
    """Reads only."""
    against = _between(kept, duplicate)
    if against:
        return MergePlan({}, {}, tuple(against))
    counts = rows.count_rows(session, [duplicate.id])
    moves = {key: found[duplicate.id] for key, found in counts.items() if duplicate.id in found}
    taken = facts.filled(kept, duplicate)
    findings = [
        *_judged(session, kept, duplicate),
        *clashes(session, kept.id, duplicate.id),
        *facts.warnings(kept, duplicate),
        *judgements(session, kept, duplicate, today),
    ]
    if becomes_former(session, kept, duplicate):
        findings.append(note(N_("「%(name)s」は、統合後の団体の旧名称になります。"), name=duplicate.name))
    answers = foreseen.send(None, session=session, kept=kept, duplicate=duplicate, facts=taken, today=today)
    findings += [finding for _receiver, told in answers for finding in told]
    return MergePlan(moves, taken, tuple(findings))


def _judged(session: Session, kept: Organization, duplicate: Organization) -> list[Finding]:
    pair = queries.pair_of(session, kept.id, duplicate.id)
    if pair is None or pair.state is not CandidateState.DISTINCT:
        return []
    return [
        refusal(
            N_("この2つは別の団体と判断されています。統合するには、先に重複の候補の画面で判断を取り消してください。")
        )
    ]


def _between(kept: Organization, duplicate: Organization) -> list[Finding]:
    if kept.id == duplicate.id:
        return [refusal(N_("同じ団体同士は統合できません。"))]
    if kept.kind is not duplicate.kind:
        return [
            refusal(
                N_("監理団体と実習実施者は統合できません。両方の立場を持つ団体は、それぞれの登録を持ちます。"),
                citation=N_("法第17条・第23条"),
            )
        ]
    gone = [body for body in (kept, duplicate) if body.merged_into_id is not None]
    return [refusal(N_("「%(name)s」は既に別の登録に統合されています。"), name=body.name) for body in gone]

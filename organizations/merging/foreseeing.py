"""What a merge would do, before it is done: rows by table, facts taken over, what follows, what stands against it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from organizations.merging import facts, queries, rows
from organizations.merging.clashes import Remark, clashes
from organizations.merging.signals import foreseen
from organizations.merging.states import CandidateState
from organizations.register.models import Organization
from otit.audit.trail import plain
from otit.errors import RuleViolation
from otit.text import N_


@dataclass(frozen=True)
class MergePlan:
    """`moves` is {table.column: number of rows}; `remarks` come with the tone "danger" (it stands against the merge),
    "warning" (kept with it) or "info"."""

    moves: dict[str, int]
    filled: dict[str, Any]
    remarks: tuple[Remark, ...]

    @property
    def objections(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.tone == "danger"]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        found = [remark for remark in self.remarks if remark.tone == "warning"]
        return [{"message": r.message, "params": plain(dict(r.params)), "citation": r.citation} for r in found]

    @property
    def digest(self) -> str:
        """Equal as long as the merge would do the same."""
        body = json.dumps(plain(asdict(self)), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()[:32]

    def require_clear(self) -> None:
        for remark in self.objections:
            raise RuleViolation(remark.message, remark.params, citation=remark.citation)


def foresee(session: Session, kept: Organization, duplicate: Organization, *, today: date) -> MergePlan:
    """Reads only."""
    against = _between(kept, duplicate)
    if against:
        return MergePlan({}, {}, tuple(against))
    counts = rows.count_rows(session, [duplicate.id])
    moves = {key: found[duplicate.id] for key, found in counts.items() if duplicate.id in found}
    taken = facts.filled(kept, duplicate)
    remarks = [
        *_judged(session, kept, duplicate),
        *clashes(session, kept.id, duplicate.id),
        *facts.warnings(kept, duplicate),
    ]
    answers = foreseen.send(None, session=session, kept=kept, duplicate=duplicate, facts=taken, today=today)
    remarks += [remark for _receiver, told in answers for remark in told]
    return MergePlan(moves, taken, tuple(remarks))


def _judged(session: Session, kept: Organization, duplicate: Organization) -> list[Remark]:
    pair = queries.pair_of(session, kept.id, duplicate.id)
    if pair is None or pair.state is not CandidateState.DISTINCT:
        return []
    return [
        Remark(
            N_("この2つは別の団体と判断されています。統合するには、先に重複の候補の画面で判断を取り消してください。")
        )
    ]


def _between(kept: Organization, duplicate: Organization) -> list[Remark]:
    if kept.id == duplicate.id:
        return [Remark(N_("同じ団体同士は統合できません。"))]
    if kept.kind is not duplicate.kind:
        return [
            Remark(
                N_("監理団体と実習実施者は統合できません。両方の立場を持つ団体は、それぞれの登録を持ちます。"),
                citation=N_("法第17条・第23条"),
            )
        ]
    gone = [body for body in (kept, duplicate) if body.merged_into_id is not None]
    return [Remark(N_("「%(name)s」は既に別の登録に統合されています。"), {"name": body.name}) for body in gone]

"""The Labour Standards side of joint inspections: its own results, violations and instruments."""

from itertools import chain, repeat
from typing import Final

from inspections.joint.models import JointResult
from inspections.violations.states import Authority
from otit.demo import texts
from otit.demo.agenda import awaited
from otit.demo.cycles import Draft
from otit.demo.findings import Finding, add_violations
from otit.demo.people import People
from otit.demo.story import Fate
from otit.demo.world import World

# Of each bureau's results, the newest first; what is older than some months has been settled.
_UNSETTLED_DAYS: Final = 100
_FATES: Final = (Fate.WAITING, Fate.PAST_DUE, Fate.REPLIED, Fate.CLEAN)


def record_joint_results(world: World, people: People, drafts: list[Draft]) -> list[Finding]:
    """The findings of the bureaus, to be followed by their own instruments."""
    joint = [draft for draft in drafts if draft.bureau and draft.completed_on]
    told = [draft for draft in joint if not awaited(draft, joint)]
    told.sort(key=lambda draft: (draft.bureau, draft.completed_on or world.today), reverse=True)
    findings = []
    for bureau in people.labour:
        fates = chain(_FATES, repeat(Fate.ACCEPTED))
        for draft in told:
            if draft.bureau == bureau:
                findings.append(_result(world, people, draft, next(fates) if _recent(world, draft) else Fate.ACCEPTED))
    return findings


def _recent(world: World, draft: Draft) -> bool:
    return draft.completed_on is not None and draft.completed_on > world.ago(_UNSETTLED_DAYS)


def _result(world: World, people: People, draft: Draft, fate: Fate) -> Finding:
    assert draft.bureau is not None
    assert draft.completed_on is not None
    officer = people.labour[draft.bureau]
    finding = Finding(draft, Authority.LABOUR_STANDARDS, draft.completed_on, fate, officer, bureau=draft.bureau)
    found = fate is not Fate.CLEAN
    world.rows.add(
        JointResult,
        inspection_id=draft.row["id"],
        bureau_code=draft.bureau,
        visited_on=draft.completed_on,
        violation_found=found,
        summary=texts.JOINT_SUMMARY[found],
        confidential=texts.JOINT_CONFIDENTIAL if found else "",
        recorded_by_id=officer["id"],
        recorded_at=world.moment(draft.completed_on, 18),
    )
    if found:
        add_violations(world, finding, texts.LABOUR_FINDINGS)
    return finding

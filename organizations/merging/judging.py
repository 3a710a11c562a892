"""What is held of two bodies as a judgement, and which of it counts for the records of both after a merge."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from organizations.licenses import queries as licenses
from organizations.plans import queries as plans
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.findings import Finding, warning
from otit.text import N_

_EXCELLENT: Final = N_("法第9条第10号")
# By the status of the body that lives on, where that of the other one differs.
_STATUS: Final = {
    BusinessStatus.ACTIVE: N_("統合される登録は事業を休止又は廃止していますが、統合後は「事業中」です。"),
    BusinessStatus.SUSPENDED: N_("事業の状況が異なります。統合後は、残る登録と同じ「事業休止中」です。"),
    BusinessStatus.CLOSED: N_("残る登録だけが事業を廃止しています。統合後は「事業廃止」です。"),
}


def judgements(session: Session, kept: Organization, duplicate: Organization, today: date) -> Iterator[Finding]:
    """What the body that lives on gains or loses by the merge. At most two statements."""
    yield from _excellence(kept, duplicate)
    if kept.status is not duplicate.status:
        yield warning(_STATUS[kept.status])
    yield from _bars(_barred_until(session, kept, today), _barred_until(session, duplicate, today), kept.kind)


def _excellence(kept: Organization, duplicate: Organization) -> Iterator[Finding]:
    """It is a judgement on the body, which the merge does not make: that of the kept row stays."""
    if duplicate.is_excellent and not kept.is_excellent:
        message = N_(
            "優良な実習実施者の基準への適合は、統合される登録だけに記録されています。統合後は、優良な実習実施者ではなくな"
            "ります。基準に適合しているときは、残る登録を訂正してください。"
        )
        yield warning(message, _EXCELLENT)
    if kept.is_excellent and not duplicate.is_excellent:
        message = N_(
            "優良な実習実施者の基準への適合は、残る登録だけに記録されています。統合後は、統合される登録の計画も、優良な実習"
            "実施者の計画になります。"
        )
        yield warning(message, _EXCELLENT)


def _barred_until(session: Session, body: Organization, day: date) -> date | None:
    if body.kind is OrganizationKind.SUPERVISING:
        return licenses.bar_of_organization(session, body.id, day)
    return plans.bar_of_organization(session, body.id, day)


def _bars(kept: date | None, duplicate: date | None, kind: OrganizationKind) -> Iterator[Finding]:
    """A bar follows from the records, which go over."""
    citation = N_("法第26条第2号") if kind is OrganizationKind.SUPERVISING else N_("法第10条")
    if duplicate is not None and (kept is None or kept < duplicate):
        message = N_(
            "統合される登録は、取消しを受けて%(until)sまで欠格期間中です。統合後は、残る登録が欠格期間中になります。"
        )
        yield warning(message, citation, until=duplicate)
    elif kept is not None and duplicate is None:
        message = N_(
            "残る登録は、取消しを受けて%(until)sまで欠格期間中です。統合される登録の記録も、その団体のものになります。"
        )
        yield warning(message, citation, until=kept)

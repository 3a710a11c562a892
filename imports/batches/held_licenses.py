"""The licences of the bodies in a list, and what a row would change of one of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from imports.batches.bodies import Record
from imports.batches.facts import Assessment, Problem, differences
from organizations.licenses.models import License, LicenseCountry, LicenseOccupation
from organizations.licenses.states import LIVE_STATES, LicenseState
from organizations.licenses.terms import TERM_YEARS, latest_end
from organizations.register.lookup import chunks
from organizations.register.states import Scheme
from otit.text import N_

Licenses = Mapping[int, Sequence[Record]]

# The facts of a row that belong to the licence; "license_number" is the column `number`.
LICENSE_FIELDS = (
    "license_number",
    "license_class",
    "licensed_on",
    "expires_on",
    "handles_care",
    "countries",
    "occupations",
)
_TERM = frozenset({"license_number", "license_class", "licensed_on", "expires_on"})

REVOKED_ROW = N_("この許可は取り消されています（取消し %(on)s）。取込みで内容を変えることはできません。")
REVOKED_SAME = N_("この許可は取り消されています（取消し %(on)s）。許可の状態は変更しません。")
ENDED = N_("この許可は登録簿では終わっています（有効期限 %(until)s）。許可の内容は取込みでは変更しません。")
OLDER = N_("登録済みの許可（許可年月日 %(registered)s）より古い許可です。古い一覧ではないか確かめてください。")
OTHER_LICENCE = N_("この団体には、別の許可番号（%(number)s）の有効な許可が登録されています。")
BARRED = N_("許可の取消しにより、%(until)sまで許可を受けられない団体です（欠格期間）。")
NEWER = N_("登録済みの許可（許可年月日 %(registered)s）の日付が変わります。新たな許可でないか確かめてください。")
CLASS_CHANGES = N_("許可区分が変わります。変更の許可または職権による変更があったことを確かめてください。")
TOO_LONG_A_TERM = N_(
    "有効期限が、この許可区分の有効期間（%(usual)s年又は%(longer)s年）より先です（遅くとも%(latest)sのはずです）。"
)
SUSPENDED = N_("事業停止命令を受けている団体です。停止の状態は取込みでは変更しません。")


def find_licenses(session: Session, ids: Iterable[int], *, lock: bool) -> dict[int, list[Record]]:
    """{organization id: its licences, oldest first}, each with its countries and occupations; three statements."""
    table = License.__table__
    owners = sorted(ids)
    if not owners:
        return {}
    statement = (
        sa.select(table)
        .where(table.c.organization_id.in_(owners), table.c.scheme == Scheme.TECHNICAL_INTERN_TRAINING)
        .order_by(table.c.licensed_on, table.c.id)
    )
    rows = session.execute(statement.with_for_update() if lock else statement).all()
    keys = [row.id for row in rows]
    countries = _lists(session, LicenseCountry.license_id, LicenseCountry.country, keys)
    occupations = _lists(session, LicenseOccupation.license_id, LicenseOccupation.code, keys)
    found: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        lists = {"countries": countries.get(row.id, []), "occupations": occupations.get(row.id, [])}
        found[row.organization_id].append({**row._mapping, "license_number": row.number, **lists})
    return dict(found)


def _lists(
    session: Session,
    owner: InstrumentedAttribute[int],
    value: InstrumentedAttribute[str],
    keys: list[int],
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for part in chunks(keys):
        for license_id, item in session.execute(sa.select(owner, value).where(owner.in_(part)).order_by(owner, value)):
            found[license_id].append(item)
    return found


def compare_license(a: Assessment, facts: Mapping[str, Any], licenses: Sequence[Record]) -> None:
    """Note what the row would change of the body's licence; without a fitting one the row brings a new licence."""
    license = _fitting(a, facts, licenses)
    if a.errors:
        return
    wanted = {name: facts[name] for name in LICENSE_FIELDS if name in facts}
    if license is None:
        _check_bar(a, facts["licensed_on"], licenses)
        a.changes |= {name: (None, value) for name, value in wanted.items() if value not in (None, [], False)}
        return
    a.license_id, a.license_version = license["id"], license["version"]
    changes = differences(license, wanted)
    _check_state(a, license, changes)
    _remark(a, license, changes)
    a.changes |= changes


def too_long_a_term(facts: Mapping[str, Any], as_of: date) -> list[Problem]:
    """What the row says would be longer than its class allows (Art. 31(1)): for a person to look at."""
    license_class, expires_on = facts.get("license_class"), facts.get("expires_on")
    if license_class is None or expires_on is None:
        return []
    latest, (usual, longer) = latest_end(license_class, facts["licensed_on"], as_of), TERM_YEARS[license_class]
    if expires_on <= latest:
        return []
    params = {"usual": usual, "longer": longer, "latest": latest}
    return [Problem("expires_on", TOO_LONG_A_TERM, params, "term", "法第31条第1項")]


def _fitting(a: Assessment, facts: Mapping[str, Any], licenses: Sequence[Record]) -> Record | None:
    """By number, by date of licence, or the one that is in force now."""
    number, licensed_on = facts.get("license_number"), facts["licensed_on"]
    if number and (same := [one for one in licenses if one["license_number"] == number]):
        return same[0]
    dated = [one for one in licenses if one["licensed_on"] == licensed_on]
    live = [one for one in licenses if one["state"] in LIVE_STATES]
    chosen = (dated or live)[-1:]
    if not chosen:
        return None
    license = chosen[0]
    if number and license["license_number"]:
        a.fail("licence_number", OTHER_LICENCE, "other-licence", number=license["license_number"])
    elif licensed_on < license["licensed_on"]:
        a.fail("licensed_on", OLDER, "older", registered=license["licensed_on"])
    return license


def _check_bar(a: Assessment, licensed_on: date, licenses: Sequence[Record]) -> None:
    """Whoever lost a licence is given none until the bar has ended (Art. 26(ii))."""
    for one in licenses:
        if one["state"] is LicenseState.REVOKED and one["revoked_on"] <= licensed_on <= one["bar_until"]:
            a.fail("licensed_on", BARRED, "barred", until=one["bar_until"])


def _check_state(a: Assessment, license: Record, changes: Mapping[str, Any]) -> None:
    state = license["state"]
    if state is LicenseState.REVOKED:
        if changes:
            a.fail("name", REVOKED_ROW, "revoked", on=license["revoked_on"])
        else:
            a.warn("name", REVOKED_SAME, "revoked", on=license["revoked_on"])
    elif state not in LIVE_STATES and _TERM & changes.keys():
        a.fail("expires_on", ENDED, "ended", until=license["expires_on"])
    elif state is LicenseState.SUSPENDED:
        a.warn("name", SUSPENDED, "suspended")


def _remark(a: Assessment, license: Record, changes: Mapping[str, Any]) -> None:
    if "licensed_on" in changes:
        a.warn("licensed_on", NEWER, "other-date", registered=license["licensed_on"])
    if "license_class" in changes:
        a.warn("licence_class", CLASS_CHANGES, "other-class")

"""Licences of the supervising organizations, and the sending organizations they work with."""

from datetime import date
from typing import Final

from organizations.licenses.models import License, LicenseCountry, LicenseOccupation
from organizations.licenses.states import LicenseClass, LicenseState
from organizations.register.states import BusinessStatus
from organizations.sending.models import AcceptanceSuspension, SendingOrganization
from otit.clock import add_years, last_day_before_anniversary
from otit.demo.bodies import Body, Register
from otit.demo.words import SENDING, TRADES
from otit.demo.world import Row, World
from otit.law.terms import ACT_IN_FORCE
from otit.text import match_key

# Years from the first licence to the present expiry: the first term and its renewals (5 or 7; 3, then 5).
TERMS: Final = {LicenseClass.GENERAL: (5, 12, 17), LicenseClass.SPECIFIC: (3, 8, 13)}
# Place in the register -> days until expiry, so that some are always near.
_EXPIRING_SOON: Final = {5: 24, 16: 52, 29: 88}
_COUNTRIES: Final = {
    "VNM": 10,
    "IDN": 7,
    "PHL": 5,
    "MMR": 5,
    "KHM": 3,
    "CHN": 4,
    "NPL": 2,
    "MNG": 1,
    "BGD": 1,
    "LAO": 1,
}


def grant_licenses(world: World, register: Register, bodies: list[Body]) -> None:
    """One licence each. A body that closed its business gave the licence back (Art. 34)."""
    for place, body in enumerate(bodies):
        _grant(world, register, body, _EXPIRING_SOON.get(place))
        assert body.license is not None
        if body.row["status"] is BusinessStatus.CLOSED:
            body.license |= {"state": LicenseState.CLOSED, "closed_on": world.ago(210)}


def _grant(world: World, register: Register, body: Body, expires_in: int | None) -> None:
    dice = world.dice
    license_class = LicenseClass.GENERAL if dice.random() < 0.5 else LicenseClass.SPECIFIC
    licensed_on, expires_on = _period(world, license_class, expires_in, body.barred)
    body.license = world.rows.add(
        License,
        organization_id=body.row["id"],
        number=f"許{register.official_number(licensed_on, body.office)}",
        license_class=license_class,
        licensed_on=licensed_on,
        expires_on=expires_on,
        state=LicenseState.LICENSED,
    )
    wanted = dice.choices(list(_COUNTRIES), list(_COUNTRIES.values()), k=dice.randint(1, 6))
    body.countries = sorted({*wanted, "VNM"} if dice.random() < 0.7 else {*wanted})
    for country in body.countries:
        world.rows.add(LicenseCountry, license_id=body.license["id"], country=country)
    trades = dice.choices(TRADES, [trade.share for trade in TRADES], k=dice.randint(2, 6))
    codes = sorted(
        {code for trade in trades for code in trade.occupations}, key=lambda code: [*map(int, code.split("-"))]
    )
    for code in codes:
        world.rows.add(LicenseOccupation, license_id=body.license["id"], code=code)
    body.license["handles_care"] = any(trade.care for trade in trades)


def _period(world: World, license_class: LicenseClass, expires_in: int | None, barred: bool) -> tuple[date, date]:
    """First day and last valid day: the day before an anniversary, not yet past."""
    latest = world.ago(1600 if barred else 400)
    if expires_in is not None:
        following = world.ahead(expires_in + 1)
        starts = [add_years(following, -years) for years in TERMS[license_class]]
        start = next(start for start in starts if start <= latest)
        years = next(years for years in TERMS[license_class] if add_years(following, -years) == start)
        return start, last_day_before_anniversary(start, years)
    while True:
        start = world.workday(ACT_IN_FORCE, latest)
        ends = [last_day_before_anniversary(start, years) for years in TERMS[license_class]]
        running = [end for end in ends if end >= world.ahead(100)]
        if running:
            return start, running[0]


def make_sending_organizations(world: World) -> dict[str, list[Row]]:
    """By country. Acceptance through two of them is suspended."""
    found: dict[str, list[Row]] = {}
    serials = iter(sorted(world.dice.sample(range(1, 480), len(SENDING))))
    for country, name in SENDING:
        number = f"{country}{next(serials):06d}"
        row = world.rows.add(
            SendingOrganization,
            country=country,
            number=None if country == "LKA" else number,
            reference_number="294" if country == "LKA" else None,
            name=name,
            name_key=match_key(name),
            representative=None,
            approved_on=world.workday(date(2019, 9, 1), world.ago(500)),
            created_at=world.moment(world.ago(1100)),
            updated_at=world.moment(world.ago(300)),
        )
        found.setdefault(country, []).append(row)
    reasons = (
        ("VNM", 3, 160, "技能実習生から保証金を徴収していたことが確認されたため、新規の受入れを停止する。"),
        ("KHM", 1, 75, "提出された推薦状に事実と異なる記載があったため、新規の受入れを停止する。"),
    )
    for country, place, days, reason in reasons:
        world.rows.add(
            AcceptanceSuspension,
            sending_organization_id=found[country][place]["id"],
            starts_on=world.ago(days),
            ends_on=None,
            reason=reason,
        )
    return found

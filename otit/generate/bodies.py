"""Organizations, their licences and contracts, and sending organizations: one statement for each table."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from organizations.licenses.models import License, LicenseCountry, LicenseTerm
from organizations.licenses.states import LicenseClass, LicenseState, Scheme, TermGround
from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from organizations.relations.models import Supervision
from organizations.sending.countries import MOC_COUNTRIES
from organizations.sending.models import SendingOrganization
from otit.generate.material import DAYS, NUMBERS, PLACES_OF, Material, padded, spread
from otit.generate.scales import Scale

TIT = Scheme.TECHNICAL_INTERN_TRAINING


def insert(connection: sa.Connection, model: Any, values: dict[str, Any], rows: sa.Select[Any]) -> int:
    """`values` are the columns of the new rows as expressions over `rows`; the others take their defaults."""
    table = cast(sa.Table, model.__table__)
    typed = [sa.type_coerce(value, table.c[name].type).label(name) for name, value in values.items()]
    statement = sa.insert(table).from_select(list(values), rows.with_only_columns(*typed))
    return int(connection.execute(statement).rowcount)


def organizations(connection: sa.Connection, material: Material, scale: Scale, now: datetime) -> None:
    """Implementing ones first; every twentieth of them is a farmer or another individual."""
    i = NUMBERS.c.i
    implementing = i <= scale.implementing
    alone = sa.and_(implementing, i % 20 == 0)
    (one, on_one), (two, on_two) = material.word("place", i * 89), material.word("place", i // 7 * 97 + i)
    trade, on_trade = material.word("trade", i * 31)
    town, on_town = material.word("town", i * 13)
    (family, on_family), (given, on_given) = material.word("family", i * 5), material.word("given", i // 3 * 7 + i)
    rows = sa.select(i).outerjoin(PLACES_OF, PLACES_OF.c.n == spread(i, 7919, material.counts["prefecture"]))
    for table, condition in (
        (one, on_one), (two, on_two), (trade, on_trade), (town, on_town), (family, on_family), (given, on_given)
    ):  # fmt: skip
        rows = rows.outerjoin(table, condition)
    begun = DAYS.alias()
    rows = rows.outerjoin(begun, begun.c.n == spread(i, 31, max(material.now - 900, 1)))
    kinds, words = (alone, implementing), (one, two, trade, family, given)
    values: dict[str, Any] = _facts(i, implementing, begun) | {
        "name": _name(kinds, words, "text", "　"),
        "name_key": _name(kinds, words, "key", ""),
        "kana": one.c.kana + two.c.kana,
        "kana_key": one.c.kana + two.c.kana,  # in katakana already: nothing to fold
        "is_individual": alone,
        "corporate_number": sa.case((alone, None), else_=_corporate_number(i)),
        "representative": family.c.text + "　" + given.c.text,
        "prefecture_code": PLACES_OF.c.prefecture,
        "office_code": PLACES_OF.c.office,
        "address": town.c.text + "本町" + sa.cast(i, sa.String) + "番",
        "address_key": town.c.key + "本町" + sa.cast(i, sa.String) + "番",
        "industry": sa.case((implementing, trade.c.about)),
        "created_at": now,
        "updated_at": now,
    }
    insert(connection, Organization, values, rows.where(i <= scale.organizations))


def _name(kinds: Any, words: Any, column: str, space: str) -> sa.ColumnElement[Any]:
    (alone, implementing), (one, two, trade, family, given) = kinds, words
    body = one.c[column] + two.c[column]
    return sa.case(
        (alone, family.c[column] + space + given.c[column]),
        (implementing, body + trade.c[column] + "株式会社"),
        else_=body + "協同組合",
    )


def _facts(i: Any, implementing: Any, begun: Any) -> dict[str, Any]:
    """What needs no words."""
    return {
        "id": i,
        "kind": sa.case((implementing, OrganizationKind.IMPLEMENTING), else_=OrganizationKind.SUPERVISING),
        "notification_number": sa.case((implementing, "18" + PLACES_OF.c.office + padded(i, 6))),
        "notified_on": sa.case((implementing, begun.c.day)),
        "first_training_on": sa.case((implementing, begun.c.day)),
        "phone": "03-0000-" + padded(i % 10_000, 4),
        "phone_key": "030000" + padded(i % 10_000, 4),
        "staff_count": 5 + spread(i, 37, 331),
        "status": sa.case((i % 50 == 0, BusinessStatus.CLOSED), else_=BusinessStatus.ACTIVE),
        "is_excellent": sa.and_(implementing, i % 3 == 0),
    }


def _corporate_number(i: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """The check digit and the base 9999 with eight digits, whose nines add up to a multiple of nine."""
    weighed = [(i // 10**place % 10) * (2 if place % 2 else 1) for place in range(8)]
    total = sum(weighed[1:], weighed[0])
    return sa.cast(9 - total % 9, sa.String) + "9999" + padded(i, 8)


def sending(connection: sa.Connection, material: Material, scale: Scale, now: datetime) -> None:
    i = NUMBERS.c.i
    codes = list(MOC_COUNTRIES)
    country = sa.case(*((i % len(codes) == n, code) for n, code in enumerate(codes)), else_=codes[0])
    values: dict[str, Any] = {
        "id": i,
        "country": country,
        "number": country + padded(i, 6),
        "name": "Imaginary Manpower " + sa.cast(i, sa.String),
        "name_key": "imaginarymanpower" + sa.cast(i, sa.String),
        "approved_on": DAYS.c.day,
        "created_at": now,
        "updated_at": now,
    }
    rows = sa.select(i).outerjoin(DAYS, DAYS.c.n == spread(i, 13, max(material.now // 2, 1))).where(i <= scale.sending)
    insert(connection, SendingOrganization, values, rows)


def licenses(connection: sa.Connection, material: Material, scale: Scale) -> None:
    """One for each supervising organization. General ones run 5 and 7 years, specific ones 3, 5 and 5; one in forty was
    not renewed after its first term."""
    i = NUMBERS.c.i
    body = i + scale.implementing
    general = i % 2 == 0
    lapsed = i % 40 == 7
    begun = DAYS.c
    terms = [
        ("plus_5", general),
        ("plus_12", general),
        ("plus_3", ~general),
        ("plus_8", ~general),
        ("plus_13", ~general),
    ]
    lives = sa.case(
        (sa.and_(lapsed, general), begun.plus_5),
        (lapsed, begun.plus_3),
        *((sa.and_(kind, begun[end] >= material.today), begun[end]) for end, kind in terms),
        else_=begun.plus_13,
    )
    values: dict[str, Any] = {
        "id": i,
        "organization_id": body,
        "scheme": TIT,
        "number": "許" + begun.year + Organization.office_code + padded(i, 6),
        "license_class": sa.case((general, LicenseClass.GENERAL), else_=LicenseClass.SPECIFIC),
        "state": sa.case((lives < material.today, LicenseState.EXPIRED), else_=LicenseState.LICENSED),
        "licensed_on": begun.day,
        "expires_on": lives,
        "handles_care": i % 4 == 0,
    }
    origin = sa.select(i).select_from(NUMBERS)
    origin = origin.outerjoin(Organization, Organization.id == body)
    rows = origin.outerjoin(DAYS, DAYS.c.n == spread(i, 31, max(material.now - 30, 1))).where(i <= scale.supervising)
    insert(connection, License, values, rows)
    _terms(connection)
    _countries(connection, scale)


def _countries(connection: sa.Connection, scale: Scale) -> None:
    countries = sa.select(License.id).outerjoin(
        SendingOrganization, SendingOrganization.id == sender(License.id, scale)
    )
    insert(connection, LicenseCountry, {"license_id": License.id, "country": SendingOrganization.country}, countries)


def _terms(connection: sa.Connection) -> None:
    """The first term, and the renewals after it, as far as the licence goes."""
    following = {LicenseClass.GENERAL: ("plus_5", "plus_12"), LicenseClass.SPECIFIC: ("plus_3", "plus_8", "plus_13")}
    for license_class, ends in following.items():
        for place, end in enumerate(ends):
            before = DAYS.alias()
            starts: Any = DAYS.c.day if place == 0 else before.c.day
            rows = sa.select(License.id).outerjoin(DAYS, DAYS.c.day == License.licensed_on)
            if place:  # the day after the last day of the term before
                last = DAYS.alias()
                rows = rows.outerjoin(last, last.c.day == DAYS.c[ends[place - 1]]).outerjoin(
                    before, before.c.n == last.c.n + 1
                )
            rows = rows.where(License.license_class == license_class, DAYS.c[end] <= License.expires_on)
            values = {
                "license_id": License.id,
                "license_class": license_class,
                "starts_on": starts,
                "ends_on": DAYS.c[end],
                "ground": TermGround.RENEWED if place else TermGround.LICENSED,
            }
            insert(connection, LicenseTerm, values, rows)


def supervisor(implementing: Any, scale: Scale) -> sa.ColumnElement[Any]:
    """The supervising organization of an implementing one."""
    return scale.implementing + 1 + spread(implementing, 7, scale.supervising)


def sender(license_id: Any, scale: Scale) -> sa.ColumnElement[Any]:
    """The sending organization that the supervising organization with this licence works with."""
    return 1 + spread(license_id, 11, scale.sending)


def supervisions(connection: sa.Connection, scale: Scale) -> None:
    supervising = supervisor(Organization.id, scale)
    values: dict[str, Any] = {
        "implementing_organization_id": Organization.id,
        "supervising_organization_id": supervising,
        "sending_organization_id": sender(supervising - scale.implementing, scale),
        "starts_on": Organization.first_training_on,
    }
    open_ones = sa.and_(Organization.status == BusinessStatus.ACTIVE, Organization.first_training_on.is_not(None))
    rows = sa.select(Organization.id).where(Organization.kind == OrganizationKind.IMPLEMENTING, open_ones)
    insert(connection, Supervision, values, rows)

"""What belongs to the organizations: officers, former names, places, supervision contracts, notices about business."""

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from organizations.licenses.models import License
from organizations.licenses.states import LicenseState
from organizations.plans.models import TrainingPlan
from organizations.plans.states import PlanCategory
from organizations.register.models import BusinessNotice, FormerName, Officer, Organization, Place
from organizations.register.states import (
    BusinessAct,
    BusinessStatus,
    OfficerPosition,
    OrganizationKind,
    PlaceKind,
)
from organizations.relations.models import Supervision
from otit.demo.words import AREA_CODES, GIVEN_NAMES, MUNICIPALITIES, PLACES, SURNAMES
from otit.demo.world import Row, World
from otit.law.terms import ACT_IN_FORCE
from otit.places import PREFECTURES
from otit.text import match_key, phone_key

# Every so manyth organization.
_FORMER_NAME: Final = 37
_ELSEWHERE: Final = 23
_OLD_FORMS: Final = (("株式会社", "有限会社"), ("協同組合", "事業協同組合"))
_EXCELLENT_CATEGORIES: Final = (PlanCategory.C, PlanCategory.F)


class Registers:
    """Draws from dice of its own, so that nothing that was there before changes."""

    def __init__(self, world: World, dice: Random) -> None:
        self.world, self.dice = world, dice
        self.bodies = world.rows.of(Organization)
        self.licenses = {row["organization_id"]: row for row in world.rows.of(License)}

    def fill(self) -> None:
        for body in self.bodies:
            self._officers(body)
            self._places(body)
        self._namesake()
        for body in self.bodies[::_FORMER_NAME]:
            self._former_name(body)
        self._excellence()
        self._contracts()
        self._notices()

    def _person(self) -> tuple[str, str]:
        (family, family_kana), (given, given_kana) = self.dice.choice(SURNAMES), self.dice.choice(GIVEN_NAMES)
        return f"{family}　{given}", f"{family_kana}　{given_kana}"

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.dice.randint(0, max((last - first).days, 0)))

    def _officer(self, body: Row, position: OfficerPosition, named: tuple[str, str | None], *days: date) -> None:
        """`days`: the first day in office, and the last one where it is over."""
        name, kana = named
        self.world.rows.add(
            Officer,
            organization_id=body["id"],
            position=position,
            name=name,
            name_key=match_key(name),
            kana=kana,
            starts_on=days[0],
            ends_on=days[1] if len(days) > 1 else None,
        )

    def _officers(self, body: Row) -> None:
        if body.get("is_individual") or not body.get("representative"):
            return
        title, _, name = body["representative"].partition("　")
        start = self._day(date(2015, 4, 1), ACT_IN_FORCE)
        self._officer(body, OfficerPosition.REPRESENTATIVE, (name or title, None), start)
        supervising = body["kind"] is OrganizationKind.SUPERVISING
        others = [OfficerPosition.DIRECTOR] * (3 if supervising else 1)
        others += [OfficerPosition.AUDITOR, OfficerPosition.EXTERNAL] if supervising else []
        for position in (*others, OfficerPosition.RESPONSIBLE):
            self._officer(body, position, self._person(), self._day(date(2016, 4, 1), self.world.ago(500)))
        if self.dice.random() < 0.2:
            end = self.world.ago(self.dice.randint(30, 400))
            self._officer(body, OfficerPosition.DIRECTOR, self._person(), self._day(date(2016, 4, 1), end), end)

    def _namesake(self) -> None:
        """A director of a body whose licence was revoked sits on the board of another one as well."""
        revoked = next((row for row in self.licenses.values() if row["state"] is LicenseState.REVOKED), None)
        if revoked is None:
            return
        officers = self.world.rows.of(Officer)
        director = next(
            row
            for row in officers
            if row["organization_id"] == revoked["organization_id"] and row["position"] is OfficerPosition.DIRECTOR
        )
        director["starts_on"] = min(director["starts_on"], revoked["revoked_on"])
        other = next(body for body in self.bodies if body["id"] != revoked["organization_id"])
        named = director["name"], director["kana"]
        self._officer(other, OfficerPosition.DIRECTOR, named, max(revoked["revoked_on"], self.world.ago(60)))

    def _places(self, body: Row) -> None:
        if body["kind"] is OrganizationKind.SUPERVISING:
            if self.dice.random() < 0.3:
                self._place(body, PlaceKind.BUSINESS_SITE, "支部")
            return
        self._place(body, PlaceKind.TRAINING_SITE, "第一作業場")
        if self.dice.random() < 0.7:
            self._place(body, PlaceKind.DORMITORY, "実習生寮")
        if body["id"] % _ELSEWHERE == 0:
            elsewhere = self.dice.choice([code for code in PREFECTURES if code != body["prefecture_code"]])
            self._place(body, PlaceKind.TRAINING_SITE, "出張作業場", elsewhere)

    def _place(self, body: Row, kind: PlaceKind, name: str, prefecture: str | None = None) -> None:
        code = prefecture or body["prefecture_code"]
        town, postal_code = self.dice.choice(PLACES)[0], f"000-{self.dice.randint(1, 9999):04d}"
        address = f"{self.dice.choice(MUNICIPALITIES)}{town}{self.dice.randint(1, 20)}番{self.dice.randint(1, 18)}号"
        phone = f"{AREA_CODES[code]}-000-{self.dice.randint(1, 9999):04d}"
        self.world.rows.add(
            Place,
            organization_id=body["id"],
            kind=kind,
            name=f"{town}{name}",
            postal_code=postal_code,
            prefecture_code=code,
            address=address,
            phone=phone,
            phone_key=phone_key(phone),
            starts_on=self._day(ACT_IN_FORCE, self.world.ago(200)),
        )

    def _former_name(self, body: Row) -> None:
        for now, before in _OLD_FORMS:
            if now in body["name"]:
                name = body["name"].replace(now, before)
                until = self.world.ago(self.dice.randint(200, 1500))
                self.world.rows.add(
                    FormerName,
                    organization_id=body["id"],
                    name=name,
                    name_key=match_key(name),
                    used_until=until,
                )
                return

    def _excellence(self) -> None:
        """Whoever trains at level three meets the standard (Art. 9(x)); so do some others."""
        needed = {
            row["implementing_organization_id"]
            for row in self.world.rows.of(TrainingPlan)
            if row["category"] in _EXCELLENT_CATEGORIES
        }
        for body in self.bodies:
            if body["kind"] is OrganizationKind.IMPLEMENTING:
                body["is_excellent"] = body["id"] in needed or self.dice.random() < 0.1

    def _contracts(self) -> None:
        """From before the first plan to after the last one; a few were never told to the register."""
        pairs: dict[tuple[int, int], list[Row]] = {}
        for plan in self.world.rows.of(TrainingPlan):
            if plan["supervising_organization_id"]:
                pair = plan["supervising_organization_id"], plan["implementing_organization_id"]
                pairs.setdefault(pair, []).append(plan)
        for pair, plans in sorted(pairs.items()):
            lot = self.dice.random()
            if lot < 0.04:
                continue
            senders = {plan["sending_organization_id"] for plan in plans} if lot < 0.3 else {None}
            for sender in sorted(senders, key=lambda key: key or 0):
                self._contract(*pair, sender, [p for p in plans if sender in (None, p["sending_organization_id"])])

    def _contract(self, supervising: int, implementing: int, sending: int | None, plans: list[Row]) -> None:
        first = min(plan["accredited_on"] for plan in plans) - timedelta(days=self.dice.randint(20, 90))
        last = max(plan.get("ended_on") or plan["ends_on"] for plan in plans)
        starts_on = max(first, self.licenses[supervising]["licensed_on"])
        if starts_on > last:
            return
        self.world.rows.add(
            Supervision,
            supervising_organization_id=supervising,
            implementing_organization_id=implementing,
            sending_organization_id=sending,
            starts_on=starts_on,
            ends_on=last + timedelta(days=30) if last + timedelta(days=30) < self.world.today else None,
        )

    def _notices(self) -> None:
        """Each state has its notice: the pause came in time, the closure late; one pause is over."""
        for body in self.bodies:
            if body["status"] is BusinessStatus.SUSPENDED:
                self._notice(body, BusinessAct.SUSPEND, 95, 45, until=self.world.ahead(120))
            elif body["status"] is BusinessStatus.CLOSED:
                self._notice(body, BusinessAct.CLOSE, 222, 210)
        paused = self.bodies[5]
        self._notice(paused, BusinessAct.SUSPEND, 700, 660, until=self.world.ago(560))
        self._notice(paused, BusinessAct.RESUME, 600, 559)

    def _notice(self, body: Row, act: BusinessAct, notified: int, effective: int, **facts: Any) -> None:
        """Both in days before today."""
        self.world.rows.add(
            BusinessNotice,
            organization_id=body["id"],
            act=act,
            notified_on=self.world.ago(notified),
            effective_on=self.world.ago(effective),
            applied_on=self.world.ago(effective),
            reason="役員の交代に伴う体制の見直しのため。" if act is BusinessAct.SUSPEND else None,
            recorded_at=self.world.moment(self.world.ago(notified)),
            **facts,
        )


def fill_registers(world: World, dice: Random) -> None:
    Registers(world, dice).fill()

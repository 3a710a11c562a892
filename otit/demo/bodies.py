"""The invented register: supervising and implementing organizations with names, addresses and numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from stdnum.jp import cn

from organizations.register.models import Organization
from organizations.register.states import BusinessStatus, OrganizationKind
from otit.clock import add_years
from otit.demo import words
from otit.demo.words import Trade
from otit.demo.world import Row, World
from otit.law.terms import ACT_IN_FORCE
from otit.places import OFFICE_OF_PREFECTURE, OFFICES, PREFECTURES
from otit.text import match_key, phone_key

SUPERVISING: Final = {
    "03": 14, "06": 12, "08": 10, "09": 5, "12": 5, "01": 2, "02": 2, "04": 2, "05": 2, "07": 2, "11": 2, "10": 1,
    "13": 1,
}  # fmt: skip
IMPLEMENTING: Final = 400
_EACH_PREFECTURE: Final = 2
# Where trainees are many; every other prefecture counts one.
_SHARES: Final = {
    "23": 10, "27": 6, "11": 6, "12": 5, "34": 5, "08": 5, "21": 5, "22": 5, "14": 4, "40": 5, "01": 5, "28": 4,
    "13": 4, "10": 4, "24": 4, "20": 3, "38": 3, "37": 3, "33": 3, "43": 4, "46": 3,
}  # fmt: skip


@dataclass
class Body:
    """An organization and what the other parts need to know of it. `first_training_on` is None when supervising;
    `barred` is the supervising organization whose licence gets revoked."""

    row: Row
    trade: Trade | None = None
    license: Row | None = None
    countries: list[str] = field(default_factory=list)
    supervisors: list["Body"] = field(default_factory=list)
    first_training_on: date | None = None
    barred: bool = False

    @property
    def office(self) -> str:
        return str(self.row["office_code"])

    @property
    def active(self) -> bool:
        return self.row["status"] is BusinessStatus.ACTIVE

    @property
    def implementing(self) -> bool:
        return self.row["kind"] is OrganizationKind.IMPLEMENTING


class Register:
    """Makes bodies; keeps names and numbers apart."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names: set[str] = set()
        self.corporate = 0
        self.serials: dict[int, int] = {}

    def supervising(self) -> list[Body]:
        places = [office for office, count in SUPERVISING.items() for _ in range(count)]
        bodies = [self._supervising(self.world.dice.choice(OFFICES[office].prefectures)) for office in places]
        bodies[0].barred = True
        bodies[1].row["status"] = BusinessStatus.SUSPENDED
        bodies[2].row["status"] = BusinessStatus.CLOSED
        return bodies

    def implementing(self) -> list[Body]:
        dice = self.world.dice
        names = list(PREFECTURES)
        shares = [_SHARES.get(code, 1) for code in names]
        places = names * _EACH_PREFECTURE
        places += dice.choices(names, shares, k=IMPLEMENTING - len(places))
        trades = dice.choices(words.TRADES, [trade.share for trade in words.TRADES], k=IMPLEMENTING)
        return [self._implementing(place, trade) for place, trade in zip(places, trades, strict=True)]

    def serial(self, year: int) -> int:
        """One sequence of official numbers for the whole country and year."""
        self.serials[year] = self.serials.get(year, 0) + self.world.dice.randint(1, 9)
        return self.serials[year]

    def official_number(self, on: date, office: str) -> str:
        """YY of the application, some two months before `on`, office, serial."""
        year = max(on - timedelta(days=60), ACT_IN_FORCE).year
        return f"{year % 100:02d}{office}{self.serial(year):06d}"

    def _supervising(self, prefecture: str) -> Body:
        dice = self.world.dice

        def name() -> tuple[str, str]:
            (place, kana), form = dice.choice(words.PLACES), dice.choice(words.SUPERVISING_FORMS)
            return f"{form[0]}{place}{form[1]}", f"{form[2]}{kana}{form[3]}"

        person, _kana = self.world.person()
        row = self._organization(OrganizationKind.SUPERVISING, prefecture, self._unused(name), dice.randint(4, 28))
        row |= {"corporate_number": self._corporate_number(), "representative": f"代表理事　{person}"}
        row |= {"industry": "事業協同組合", "status": BusinessStatus.ACTIVE}
        return Body(row)

    def _implementing(self, prefecture: str, trade: Trade) -> Body:
        dice, world = self.world.dice, self.world
        individual = trade.farm and dice.random() < 0.45
        person, kana = world.person()

        def company() -> tuple[str, str]:
            (place, place_kana), (business, business_kana) = dice.choice(words.PLACES), dice.choice(trade.companies)
            before, after, kana_before, kana_after = (
                ("社会福祉法人", "", "シャカイフクシホウジン", "") if trade.care else dice.choice(words.COMPANY_FORMS)
            )
            return f"{before}{place}{business}{after}", f"{kana_before}{place_kana}{business_kana}{kana_after}"

        named = self._unused(world.person) if individual else self._unused(company)
        staff = dice.randint(1, 6) if individual else int(dice.triangular(4, 180, 14))
        row = self._organization(OrganizationKind.IMPLEMENTING, prefecture, named, staff)
        first = world.workday(max(ACT_IN_FORCE, add_years(world.today, -8)), world.ago(120))
        row |= {"industry": trade.industry, "is_individual": individual, "status": BusinessStatus.ACTIVE}
        if not individual:
            row |= {"corporate_number": self._corporate_number(), "representative": f"代表取締役　{person}"}
        return Body(row, trade, first_training_on=first)

    def settle(self, body: Body, first_training_on: date) -> None:
        """The day training began, its notification (Art. 17: without delay after), and the number of its receipt."""
        notified = min(first_training_on + timedelta(days=self.world.dice.randint(4, 18)), self.world.ago(1))
        body.first_training_on = first_training_on
        body.row |= {"first_training_on": first_training_on, "notified_on": notified}
        body.row["notification_number"] = f"{notified.year % 100:02d}{body.office}{self.serial(-notified.year):06d}"

    def _organization(self, kind: OrganizationKind, prefecture: str, named: tuple[str, str], staff: int) -> Row:
        dice = self.world.dice
        place = dice.choice(words.PLACES)[0]
        number = f"{dice.randint(1, 6)}丁目{dice.randint(1, 20)}番{dice.randint(1, 18)}号"
        address = f"{PREFECTURES[prefecture]}{dice.choice(words.MUNICIPALITIES)}{place}{number}"
        postal_code = f"000-{dice.randint(1, 9999):04d}"
        phone = f"{words.AREA_CODES[prefecture]}-000-{dice.randint(1, 9999):04d}"
        return self.world.rows.add(
            Organization,
            kind=kind,
            name=named[0],
            name_key=match_key(named[0]),
            kana=named[1],
            kana_key=match_key(named[1]),
            postal_code=postal_code,
            prefecture_code=prefecture,
            office_code=OFFICE_OF_PREFECTURE[prefecture],
            address=address,
            address_key=match_key(address),
            phone=phone,
            phone_key=phone_key(phone),
            staff_count=staff,
            created_at=self.world.moment(self.world.ago(1100)),
            updated_at=self.world.moment(self.world.ago(dice.randint(30, 400))),
        )

    def _unused(self, make: Callable[[], tuple[str, str]]) -> tuple[str, str]:
        named = make()
        while named[0] in self.names:
            named = make()
        self.names.add(named[0])
        return named

    def _corporate_number(self) -> str:
        """From the invented base range 9999xxxxxxxx, with its check digit."""
        self.corporate += self.world.dice.randint(1, 40)
        base = f"9999{self.corporate:08d}"
        return f"{cn.calc_check_digit(base)}{base}"

"""Who signs in: one documented account for each role, and the other people the records name."""

from dataclasses import dataclass, field
from typing import Final

from otit.auth.actors import Actor
from otit.auth.models import User
from otit.auth.passwords import hash_password
from otit.auth.permissions import Role
from otit.demo.world import Row, World
from otit.places import OFFICES, bureau_name_ja

PASSWORD: Final = "kensa-demo-2017"  # noqa: S105 - printed for everybody: it opens invented data only
HOME_OFFICE: Final = "06"
HOME_BUREAU: Final = "23"
BUREAUS: Final = (HOME_BUREAU, "13", "27", "38")
_INSPECTORS: Final = {"03": 3, "06": 3, "08": 3, "09": 2, "12": 2}


@dataclass(frozen=True)
class Account:
    """A documented sign-in."""

    username: str
    role: Role
    office_code: str | None = None
    bureau_code: str | None = None

    @property
    def words(self) -> str:
        """検査官（名古屋事務所）."""
        place = bureau_name_ja(self.bureau_code) if self.bureau_code else "本部"
        return f"{self.role.label}（{OFFICES[self.office_code].name_ja if self.office_code else place}）"


DOCUMENTED: Final = (
    Account("manager", Role.MANAGER),
    Account("manager-nagoya", Role.MANAGER, office_code=HOME_OFFICE),
    Account("inspector", Role.INSPECTOR, office_code=HOME_OFFICE),
    Account("labour", Role.LABOUR_STANDARDS, bureau_code=HOME_BUREAU),
    Account("international", Role.INTERNATIONAL),
    Account("admin", Role.ADMINISTRATOR),
    Account("reader", Role.READ_ONLY),
)


@dataclass
class People:
    """The users by what they do; the first inspector of an office is its documented one where there is one."""

    manager: Row
    regional_manager: Row
    international: Row
    inspectors: dict[str, list[Row]] = field(default_factory=dict)
    labour: dict[str, Row] = field(default_factory=dict)

    @property
    def inspector(self) -> Row:
        """Whose day the demonstration shows."""
        return self.inspectors[HOME_OFFICE][0]


def audit_name(user: Row) -> str:
    return Actor(audit_name=f"user:{user['id']}", display_name=user["display_name"]).audit_name


def make_people(world: World) -> People:
    made = _Maker(world)
    known = {
        account.username: made.user(account.username, account.role, account.office_code, account.bureau_code)
        for account in DOCUMENTED
    }
    people = People(known["manager"], known["manager-nagoya"], known["international"])
    inspector, labour = known["inspector"], known["labour"]
    for office in OFFICES:
        first = [inspector] if office == HOME_OFFICE else []
        others = range(len(first) + 1, _INSPECTORS.get(office, 1) + 1)
        names = [f"inspector-{office}-{number}" for number in others]
        people.inspectors[office] = first + [made.user(name, Role.INSPECTOR, office_code=office) for name in names]
    people.labour = {HOME_BUREAU: labour} | {
        bureau: made.user(f"labour-{bureau}", Role.LABOUR_STANDARDS, bureau_code=bureau) for bureau in BUREAUS[1:]
    }
    return people


class _Maker:
    def __init__(self, world: World) -> None:
        self.world = world
        self.hash = hash_password(PASSWORD)
        self.names: set[str] = set()

    def user(self, username: str, role: Role, office_code: str | None = None, bureau_code: str | None = None) -> Row:
        name, _kana = self.world.person()
        while name in self.names:
            name, _kana = self.world.person()
        self.names.add(name)
        return self.world.rows.add(
            User,
            username=username,
            display_name=name,
            role=role,
            office_code=office_code,
            bureau_code=bureau_code,
            password_hash=self.hash,
            created_at=self.world.moment(self.world.ago(1200)),
        )

"""What the register keeps of an organization, and what is derived from it. Pure: shared by forms, acts and imports."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypedDict

from stdnum.jp import cn

from organizations.register.models import Organization
from organizations.register.names import CORPORATE_FORMS
from organizations.register.states import OrganizationKind
from otit.errors import RuleViolation
from otit.law.terms import ACT_IN_FORCE
from otit.places import OFFICE_OF_PREFECTURE, PREFECTURES, prefecture_of
from otit.text import N_, compact, match_key, phone_key, plain_dashes

MOST_STAFF = 9_999_999


_KANJI = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_POSTAL_CODE = re.compile(r"\d{3}-?\d{4}")
_LEAST_DIGITS = 9  # of a telephone number with its area code


class Derived(TypedDict):
    """Columns of an organization that follow from others."""

    name_key: str
    kana_key: str
    address_key: str
    office_code: str


@dataclass(frozen=True)
class OrganizationDetails:
    """The facts about a body as it notified them; texts are kept as written."""

    name: str
    prefecture_code: str
    address: str
    kana: str | None = None
    is_individual: bool = False
    corporate_number: str | None = None
    notification_number: str | None = None
    notified_on: date | None = None
    first_training_on: date | None = None
    representative: str | None = None
    postal_code: str | None = None
    phone: str | None = None
    industry: str | None = None
    staff_count: int | None = None
    is_excellent: bool = False


def derive(name: str, prefecture_code: str, address: str, kana: str | None = None) -> Derived:
    """The matching keys and the office in charge: that of the prefecture of the head office, or of an individual's
    residence. `prefecture_code` must be a known one (KeyError otherwise)."""
    return Derived(
        name_key=match_key(name),
        kana_key=match_key(kana or ""),
        address_key=match_key(
            PREFECTURES[prefecture_code] + address.strip().removeprefix(PREFECTURES[prefecture_code])
        ),
        office_code=OFFICE_OF_PREFECTURE[prefecture_code],
    )


def columns(details: OrganizationDetails) -> dict[str, Any]:
    """The facts, and what follows from them."""
    keys = derive(details.name, details.prefecture_code, details.address, details.kana)
    return asdict(details) | {**keys, "phone_key": phone_key(details.phone)}


def set_fact(body: Organization, name: str, value: Any) -> None:
    """Set one column that no office follows from, and the key that follows from it."""
    setattr(body, name, value)
    if name == "kana":
        body.kana_key = match_key(value or "")
    elif name == "phone":
        body.phone_key = phone_key(value)


def refusals(
    kind: OrganizationKind, details: OrganizationDetails, today: date, held: Organization | None = None
) -> Iterator[RuleViolation]:
    """What cannot be true of a body of this kind, by field. `held` is the body as it is recorded: a day that an
    accreditation has set ahead is no fault of whoever corrects something else."""
    if not details.name.strip():
        yield RuleViolation(N_("名称を入力してください。"), field="name")
    if details.prefecture_code not in PREFECTURES:
        yield RuleViolation(N_("都道府県コードが正しくありません。"), field="prefecture_code")
    if details.staff_count is not None and not 0 <= details.staff_count <= MOST_STAFF:
        message = N_("常勤職員数は0以上%(most)s以下にしてください。")
        yield RuleViolation(message, {"most": f"{MOST_STAFF:,}"}, field="staff_count")
    if details.is_excellent and kind is OrganizationKind.SUPERVISING:
        message = N_("優良な実習実施者であることは、実習実施者だけについて登録します。")
        yield RuleViolation(message, field="is_excellent", citation=N_("法第9条第10号"))
    yield from _of_name(details)
    yield from _of_numbers(kind, details)
    yield from address_refusals(details.prefecture_code, details.address)
    yield from _of_reach(details)
    yield from _of_days(details, today, held)


def _of_name(details: OrganizationDetails) -> Iterator[RuleViolation]:
    if match_key(details.name) in CORPORATE_FORMS:
        yield RuleViolation(N_("法人の種類だけでなく、名称を入力してください。"), field="name")
    if _KANJI.search(details.kana or ""):
        yield RuleViolation(N_("フリガナに漢字は使えません。読みをカタカナで入力してください。"), field="kana")


def address_refusals(prefecture_code: str, address: str) -> Iterator[RuleViolation]:
    """An address that begins with another prefecture than the one chosen: it decides the office in charge."""
    found = prefecture_of(address)
    if found is not None and prefecture_code in PREFECTURES and found != prefecture_code:
        message = N_("選んだ都道府県（%(stated)s）と所在地の都道府県（%(found)s）が異なります。")
        params = {"stated": PREFECTURES[prefecture_code], "found": PREFECTURES[found]}
        yield RuleViolation(message, params, field="address")


def _of_reach(details: OrganizationDetails) -> Iterator[RuleViolation]:
    if details.postal_code is not None and not _POSTAL_CODE.fullmatch(plain_dashes(compact(details.postal_code))):
        yield RuleViolation(N_("郵便番号は7桁の数字です（例：460-0002）。"), field="postal_code")
    if details.phone is not None and len(re.findall(r"\d", compact(details.phone))) < _LEAST_DIGITS:
        yield RuleViolation(N_("電話番号は市外局番から入力してください。"), field="phone")


def _of_days(details: OrganizationDetails, today: date, held: Organization | None) -> Iterator[RuleViolation]:
    for field, day in (("notified_on", details.notified_on), ("first_training_on", details.first_training_on)):
        if day is not None and day > today and day != getattr(held, field, None):
            yield RuleViolation(N_("未来の日付は登録できません。"), field=field)
    if details.notified_on is not None and details.notified_on < ACT_IN_FORCE:
        message = N_("実習実施者届出は、法の施行の日（%(day)s）からあります。")
        yield RuleViolation(message, {"day": ACT_IN_FORCE}, field="notified_on", citation=N_("法第17条"))


def _of_numbers(kind: OrganizationKind, details: OrganizationDetails) -> Iterator[RuleViolation]:
    if details.corporate_number is not None:
        if details.is_individual:
            yield RuleViolation(N_("個人には法人番号がありません。"), field="corporate_number")
        elif not cn.is_valid(details.corporate_number):
            message = N_("法人番号が正しくありません（13桁、検査用数字を含む）。")
            yield RuleViolation(message, field="corporate_number")
    if kind is OrganizationKind.SUPERVISING and (details.notification_number or details.notified_on):
        message = N_("実習実施者届出は実習実施者だけが行います。")
        yield RuleViolation(message, field="notification_number", citation=N_("法第17条"))

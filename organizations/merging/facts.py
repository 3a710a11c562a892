"""Which facts of a duplicate the kept body takes over. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from organizations.register.models import Organization
from otit.findings import Finding, warning
from otit.labels import Labelled
from otit.text import N_


class Fact(Labelled):
    """What is compared of two bodies: the columns of the register, with their words."""

    NAME = "name", N_("名称")
    IS_INDIVIDUAL = "is_individual", N_("個人・法人")
    KANA = "kana", N_("フリガナ")
    CORPORATE_NUMBER = "corporate_number", N_("法人番号")
    NOTIFICATION_NUMBER = "notification_number", N_("届出受理番号")
    NOTIFIED_ON = "notified_on", N_("届出受理日")
    FIRST_TRAINING_ON = "first_training_on", N_("最初の技能実習の開始")
    REPRESENTATIVE = "representative", N_("代表者")
    POSTAL_CODE = "postal_code", N_("郵便番号")
    PREFECTURE_CODE = "prefecture_code", N_("都道府県")
    ADDRESS = "address", N_("所在地")
    PHONE = "phone", N_("電話")
    INDUSTRY = "industry", N_("業種")
    STAFF_COUNT = "staff_count", N_("常勤職員数")
    STATUS = "status", N_("事業の状況")
    IS_EXCELLENT = "is_excellent", N_("優良な実習実施者")
    OFFICE_CODE = "office_code", N_("担当事務所")


_KEPT: Final = {
    Fact.NAME, Fact.IS_INDIVIDUAL, Fact.PREFECTURE_CODE, Fact.ADDRESS, Fact.STATUS, Fact.IS_EXCELLENT, Fact.OFFICE_CODE,
}  # fmt: skip
# Empty facts are filled; where both bodies have one, that of the kept body stays.
FILLED: Final = tuple(fact.value for fact in Fact if fact not in _KEPT)
# Only one row may bear these, so the duplicate gives them up when the kept body takes them.
UNIQUE: Final = (Fact.CORPORATE_NUMBER.value, Fact.NOTIFICATION_NUMBER.value)


def filled(kept: Organization, duplicate: Organization) -> dict[str, Any]:
    """{field: value} that the kept body would take over."""
    blank = (None, "")
    lacking = [name for name in FILLED if getattr(kept, name) in blank and _fits(kept, duplicate, name)]
    return {name: value for name in lacking if (value := getattr(duplicate, name)) not in blank}


def _fits(kept: Organization, duplicate: Organization, name: str) -> bool:
    """A date belongs to its number and a postal code to its address; an individual has no corporate number."""
    if name == "corporate_number":
        return not kept.is_individual
    if name == "notified_on":
        return kept.notification_number in (None, duplicate.notification_number)
    if name == "postal_code":
        return kept.address_key == duplicate.address_key
    return True


def differing(a: Organization, b: Organization) -> set[Fact]:
    return {fact for fact in Fact if getattr(a, fact.value) != getattr(b, fact.value)}


def warnings(a: Organization, b: Organization) -> Iterator[Finding]:
    """What speaks against one body without deciding it."""
    if a.is_individual != b.is_individual:
        yield warning(N_("一方は個人、他方は法人として登録されています。"))
    if a.corporate_number and b.corporate_number:
        yield warning(N_("両方に法人番号があり、番号が異なります。"))
    if a.notification_number and b.notification_number:
        yield warning(N_("両方に届出受理番号があり、番号が異なります。"))
    if a.prefecture_code != b.prefecture_code:
        yield warning(N_("所在地の都道府県が異なります。"))

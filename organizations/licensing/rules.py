"""What an application for a licence must fulfil, and what the person who decides should know. Pure.

What cannot be taken or granted is refused with the article, all of it at once; `findings` never refuse: what no source
makes a rule, or what the register cannot know, is shown before the decision and stored with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from organizations.licenses.numbers import LicenseNumber
from organizations.licenses.states import LIVE_STATES, LicenseClass, LicenseState, Scheme
from organizations.licenses.terms import TERM_YEARS
from organizations.licensing.states import ApplicationPurpose
from organizations.register.states import BusinessStatus
from otit.clock import add_months
from otit.errors import RuleViolation
from otit.findings import Finding, Severity, refusal, warning
from otit.law.schemes import DATES, ESD_LICENCE_APPLICATIONS_FROM
from otit.places import OFFICES
from otit.text import N_

# Renewal of a licence for the supervising and support business: from six to three months before its end.
_RENEWAL_FROM, _RENEWAL_TO = 6, 3


@dataclass(frozen=True)
class Held:
    """A licence that the body holds or held. `ended_on` is its last day: of its term, or the day before it was revoked
    or the business was given up."""

    id: int
    scheme: Scheme
    license_class: LicenseClass
    state: LicenseState
    licensed_on: date
    expires_on: date
    ended_on: date
    revoked_on: date | None = None
    bar_until: date | None = None
    suspended_until: date | None = None

    @property
    def live(self) -> bool:
        return self.state in LIVE_STATES


@dataclass(frozen=True)
class Facts:
    """An application and what the register knows of the body. `number` is None until it is drawn; `about` is the
    licence to be renewed or changed."""

    number: LicenseNumber | None
    purpose: ApplicationPurpose
    license_class: LicenseClass
    applied_on: date
    office_code: str
    status: BusinessStatus
    held: Sequence[Held] = ()
    about: Held | None = None

    @property
    def scheme(self) -> Scheme:
        return self.license_class.scheme

    @property
    def is_first(self) -> bool:
        """Whether the body has had no licence for technical intern training before the one it applies for."""
        held = any(one.scheme is self.scheme for one in self.held)
        return self.scheme is not _ESD and self.purpose is ApplicationPurpose.NEW and not held


def refusals(facts: Facts, today: date) -> Iterator[RuleViolation]:
    """Why OTIT cannot take an application."""
    if facts.applied_on > today:
        yield RuleViolation(N_("未来の日付は登録できません。"), field="applied_on")
    if facts.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT and facts.applied_on < ESD_LICENCE_APPLICATIONS_FROM:
        message = N_("監理支援事業の許可の申請は、%(first)sから受け付けています。")
        yield RuleViolation(
            message,
            {"first": ESD_LICENCE_APPLICATIONS_FROM},
            field="applied_on",
            citation=N_("令和6年法律第60号附則第5条"),
        )
    yield from standing_refusals(facts, facts.applied_on, "applied_on")
    if facts.purpose is ApplicationPurpose.NEW:
        yield from _beside_another(facts)


def standing_refusals(facts: Facts, on: date, field: str) -> Iterator[RuleViolation]:
    """What stands against the body on `on`, at the receipt as at the decision: any of the `bars` (one that ends is said
    beside the day that `field` holds), or that the licence to be renewed or changed is not live (Art. 31, 32)."""
    for bar in bars(facts.status, facts.held, on):
        yield RuleViolation(bar.message, bar.params, field=field if bar.params else None, citation=bar.citation)
    if facts.about is not None:
        yield from _about_refusals(facts.purpose, facts.about, on, field)


def bars(status: BusinessStatus, held: Sequence[Held], on: date) -> list[Finding]:
    """What keeps a body from any licence on that day: it has given up its business, or a revocation bars it for five
    years (Art. 26(ii)), under whichever scheme the licence was revoked."""
    found = []
    if status is BusinessStatus.CLOSED:
        found.append(refusal(N_("事業廃止の届出がある団体です。"), N_("法第34条第1項")))
    running = [one.bar_until for one in held if one.revoked_on and one.bar_until and on <= one.bar_until]
    if running:
        message = N_("許可の取消しにより、%(until)sまで許可を受けられない団体です。")
        found.append(refusal(message, N_("法第26条第2号"), until=max(running)))
    return found


def _beside_another(facts: Facts) -> Iterator[RuleViolation]:
    if any(one.live and one.scheme is facts.scheme for one in facts.held):
        message = N_("この制度の有効な許可が既にあります。更新又は区分の変更の申請として受け付けてください。")
        yield RuleViolation(message, field="license_class", citation=N_("法第23条第1項"))


def _about_refusals(purpose: ApplicationPurpose, held: Held, on: date, field: str) -> Iterator[RuleViolation]:
    if not held.live or on > held.expires_on:
        message = N_("この許可は%(ended)sで終わっています。新規の許可の申請として受け付けてください。")
        citation = N_("法第31条") if purpose is ApplicationPurpose.RENEWAL else N_("法第32条第1項")
        yield RuleViolation(message, {"ended": held.ended_on}, field=field, citation=citation)
    if on < held.licensed_on:
        yield RuleViolation(N_("許可年月日より前の日付です。"), field=field)


def new_term_refusals(facts: Facts, valid_from: date, decided_on: date) -> Iterator[RuleViolation]:
    """For a new licence that would begin before its decision or its scheme, or beside another."""
    if valid_from < decided_on:
        yield RuleViolation(N_("許可は決定の日より前には始まりません。"), field="valid_from")
    begins = DATES[facts.scheme].in_force
    if valid_from < begins:
        message = N_("この制度の許可は、%(begins)sより前には始まりません。")
        yield RuleViolation(message, {"begins": begins}, field="valid_from")
    yield from _beside_another(facts)
    ended_ones = [one for one in facts.held if one.scheme is facts.scheme and not one.live]
    overlapping = [one for one in ended_ones if valid_from <= one.ended_on]
    if overlapping:
        message = N_("前の許可の期間（%(ended)sまで）と重なっています。")
        ended = max(one.ended_on for one in overlapping)
        yield RuleViolation(message, {"ended": ended}, field="valid_from", citation=N_("法第23条第1項"))


def findings(facts: Facts) -> list[Finding]:
    """What to look at before the decision, from the application alone."""
    return [*_number_findings(facts), *_class_findings(facts), *_window_findings(facts)]


def term_refusals(facts: Facts, years: int) -> Iterator[RuleViolation]:
    """The longer term follows an earlier one (Art. 31(1)): a first licence does not have it. Under the scheme of
    employment for skill development it asks for excellence instead."""
    usual, longer = TERM_YEARS[facts.license_class]
    if years == longer and facts.is_first:
        message = N_(
            "最初の許可の有効期間は%(usual)s年です。%(longer)s年の有効期間は、前の許可の期間がある団体に限られます。"
        )
        params = {"usual": usual, "longer": longer}
        yield RuleViolation(message, params, field="years", citation=N_("法第31条第1項"))


def term_findings(purpose: ApplicationPurpose, license_class: LicenseClass, years: int) -> list[Finding]:
    """What the longer term needs cannot be verified from the register."""
    longer = TERM_YEARS[license_class][1]
    if years != longer:
        return []
    if license_class.scheme is _ESD:
        return [
            warning(N_("%(years)s年の有効期間です。優良な監理支援機関であることを確かめてください。"), years=longer)
        ]
    citation = N_("法第31条第1項")
    message = N_("%(years)s年の有効期間です。改善命令や事業停止命令を受けていないことを確かめてください。")
    found = [warning(message, citation, years=longer)]
    if purpose is ApplicationPurpose.NEW:
        message = N_("更新ではない新規の許可です。%(years)s年の有効期間は、通常、更新のときに付けるものです。")
        found.insert(0, Finding(message, {"years": longer}, citation, Severity.GRAVE))
    return found


def _number_findings(facts: Facts) -> list[Finding]:
    number, found = facts.number, list[Finding]()
    if number is None:
        return found
    if number.year != facts.applied_on.year % 100:
        message = N_("番号の年（%(written)s）が申請の年（%(expected)s）と異なります。")
        params = {"written": f"{number.year:02d}", "expected": f"{facts.applied_on.year % 100:02d}"}
        found.append(Finding(message, params))
    if number.office not in OFFICES:
        found.append(warning(N_("番号の事務所（%(written)s）は知られていません。"), written=number.office))
    elif number.office != facts.office_code:
        message = N_("番号の事務所（%(written)s）が団体の担当事務所（%(expected)s）と異なります。")
        found.append(warning(message, written=number.office, expected=facts.office_code))
    return found


def _class_findings(facts: Facts) -> list[Finding]:
    new, found = facts.purpose is ApplicationPurpose.NEW, []
    if new and facts.license_class is LicenseClass.GENERAL and not facts.held:
        found.append(warning(N_("最初の許可は通常、特定監理事業です。優良要件に適合するか確かめてください。")))
    if facts.status is BusinessStatus.SUSPENDED:
        found.append(warning(N_("事業休止の届出がある団体です。"), N_("法第34条第1項")))
    return found


def _window_findings(facts: Facts) -> list[Finding]:
    """Only the scheme of employment for skill development has a known window."""
    held = facts.about
    if facts.purpose is not ApplicationPurpose.RENEWAL or held is None or facts.license_class.scheme is not _ESD:
        return []
    first, last = (add_months(held.expires_on, -months) for months in (_RENEWAL_FROM, _RENEWAL_TO))
    if first <= facts.applied_on <= last:
        return []
    message = N_("更新の申請は、有効期限の6か月前（%(first)s）から3か月前（%(last)s）までにすることになっています。")
    return [warning(message, N_("育成就労法第31条"), first=first, last=last)]


_ESD: Final = Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT

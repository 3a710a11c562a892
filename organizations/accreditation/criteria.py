"""The criteria for accrediting a plan, as far as the register can tell (Art. 9, 10, 23). Pure: facts in, findings
out.

The same rules look at applications (`findings`) and at plans that a list brings as accredited (`doubts`).
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from organizations.accreditation import crosschecks
from organizations.accreditation.caps import enterprise_cap, group_cap
from organizations.accreditation.facts import Accredited, Facts, OccupationFacts, Sender, Supervisor
from organizations.licenses.states import LicenseClass
from organizations.plans.states import GROUP_CATEGORIES, PlanCategory, Scheme
from otit.clock import add_months, last_day_before_anniversary
from otit.findings import Finding, Severity, grave, note, refusal, warning
from otit.law.schemes import ESD_IN_FORCE, ESD_PLAN_APPLICATIONS_FROM, LAST_START_OF_TIT_PLANS
from otit.text import N_

MONTHS_AHEAD = 4
_BAR_ITEM_MOVED = date(2019, 9, 14)
_YEARS = {1: 1, 2: 2, 3: 2}
_ESD_YEARS = 3


def findings(facts: Facts) -> list[Finding]:
    """Refusals first, then what is grave, then the warnings."""
    category, starts_on = facts.category, facts.starts_on
    found = chain(
        _period(category, starts_on, facts.ends_on), _scheme(facts), _bodies(facts),
        bars(facts.bar_until, facts.decided_on, closed=facts.is_closed),
        _license(category, facts.supervisor, starts_on), _suspended(facts.supervisor, facts.first_day), _start(facts),
        _level(facts), _occupation(category, facts.occupation),
        _sending(category, facts.sender, starts_on), _sender_records(category, facts.sender, facts.nationality),
        _caps(facts), _formalities(facts), _known(facts),
        uncontracted(is_contracted=facts.is_contracted),
    )  # fmt: skip
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def doubts(plan: Accredited) -> Iterator[tuple[str, Finding]]:
    """What speaks against an accreditation that was decided elsewhere, each beside what it is about: "period", "bar",
    "license", "sender" or "occupation". The decision stands: all of it is for a person to look at, whatever its
    severity. What the register knows of today only, the content of a licence or a closure to come, is not asked."""
    category, day = plan.category, plan.accredited_on
    found = {
        "period": _period(category, plan.starts_on, plan.ends_on),
        "bar": _bar(plan.bar_until, day),
        "license": _license(category, plan.supervisor, day),
        "sender": chain(
            _sending(category, plan.sender, day),
            _sender_records(category, plan.sender, plan.nationality) if plan.sender or plan.tells_sender else (),
        ),
        "occupation": () if plan.occupation is None else _occupation(category, plan.occupation),
    }
    for subject, findings_of in found.items():
        for finding in findings_of:
            yield subject, finding


def _is_esd(category: PlanCategory) -> bool:
    return category.scheme is Scheme.EMPLOYMENT_FOR_SKILL_DEVELOPMENT


def _period(category: PlanCategory, starts_on: date, ends_on: date) -> Iterator[Finding]:
    """One year at level one, two at levels two and three; three years under the new scheme."""
    citation = N_("育成就労法第8条") if _is_esd(category) else N_("法第9条")
    if ends_on < starts_on:
        yield refusal(N_("実習の終了日が開始日より前です。"), citation)
    years = _ESD_YEARS if category.level is None else _YEARS[category.level]
    if ends_on > last_day_before_anniversary(starts_on, years):
        message = N_("計画の期間が、この区分の上限（%(years)s年）を超えています。")
        yield refusal(message, citation, years=years)


def _scheme(facts: Facts) -> Iterator[Finding]:
    if facts.is_esd:
        if facts.applied_on < ESD_PLAN_APPLICATIONS_FROM:
            message = N_("育成就労計画の認定の申請は、%(day)sから受け付けます。")
            yield refusal(message, N_("令和6年法律第60号附則第5条"), day=ESD_PLAN_APPLICATIONS_FROM)
        if facts.starts_on < ESD_IN_FORCE:
            message = N_("育成就労は、%(day)sより前に始めることができません。")
            yield refusal(message, N_("令和7年政令第340号"), day=ESD_IN_FORCE)
        return
    late = facts.applied_on >= ESD_IN_FORCE or facts.starts_on > LAST_START_OF_TIT_PLANS
    if facts.is_new and facts.category.level == 1 and late:
        message = N_("第1号の技能実習は、%(applied)sより前に申請し、%(start)sまでに始めるものに限られます。")
        days = {"applied": ESD_IN_FORCE, "start": LAST_START_OF_TIT_PLANS}
        yield warning(message, N_("令和6年法律第60号附則"), **days)


def _bodies(facts: Facts) -> Iterator[Finding]:
    if facts.is_group and facts.supervisor is None:
        yield refusal(N_("団体監理型の計画には監理団体が必要です。"), N_("法第8条第2項"))
    if facts.supervisor is not None and facts.supervisor.closed:
        yield refusal(N_("監理団体は事業を廃止しています。"), N_("法第34条第1項"))


def bars(until: date | None, on: date, *, closed: bool) -> Iterator[Finding]:
    """What keeps an implementing organization from any accreditation on that day, whatever the plan."""
    if closed:
        yield refusal(N_("実習実施者は事業を廃止しています。"), N_("法第8条"))
    yield from _bar(until, on)


def _bar(until: date | None, decided_on: date) -> Iterator[Finding]:
    """Five years after a revocation (Art. 10)."""
    if until is not None:
        item = N_("法第10条第7号") if decided_on >= _BAR_ITEM_MOVED else N_("法第10条第6号")
        message = N_("実習実施者は、認定を取り消されたため%(day)sまで認定を受けることができません。")
        yield refusal(message, item, day=until)


def _license(category: PlanCategory, supervisor: Supervisor | None, day: date) -> Iterator[Finding]:
    """Classes of Art. 23: general covers levels one to three, specific one and two."""
    if supervisor is None:
        return
    if supervisor.license_class is None:
        message = N_("監理団体には、%(day)sに有効な許可がありません。")
        yield refusal(message, N_("育成就労法第23条") if _is_esd(category) else N_("法第23条"), day=day)
    elif category is PlanCategory.F and supervisor.license_class is not LicenseClass.GENERAL:
        yield refusal(N_("第3号の団体監理型は、一般監理事業の許可を受けた監理団体に限られます。"), N_("法第23条"))
    if supervisor.ends_on is not None:
        message = N_(
            "監理団体の許可は、実習の開始日（%(day)s）より前の%(until)sに終わります。更新の申請は、まだ決定されていません。"
        )
        citation = N_("育成就労法第31条") if _is_esd(category) else N_("法第31条")
        yield grave(message, citation, day=day, until=supervisor.ends_on)


def _start(facts: Facts) -> Iterator[Finding]:
    if facts.is_new and facts.starts_on < facts.decided_on:
        message = N_("実習の開始日（%(start)s）が、認定の日（%(on)s）より前です。先に申請の記録を訂正してください。")
        yield grave(message, start=facts.starts_on, on=facts.decided_on)


def _suspended(supervisor: Supervisor | None, day: date) -> Iterator[Finding]:
    if supervisor is not None and supervisor.suspended:
        yield grave(N_("監理団体は、%(day)sに事業の停止を命じられています。"), N_("法第37条第3項"), day=day)


def _level(facts: Facts) -> Iterator[Finding]:
    if facts.category.level == 3 and not facts.is_excellent:
        yield warning(N_("第3号の実習は、優良な実習実施者に限られます。"), N_("法第9条第10号"))


def _occupation(category: PlanCategory, occupation: OccupationFacts) -> Iterator[Finding]:
    if occupation.code is None:
        yield warning(N_("職種・作業が登録されていません。"))
    elif not occupation.known:
        message = N_("職種コード%(code)sは、実習の開始日の職種・作業の一覧にありません。")
        yield warning(message, code=occupation.code)
    elif category.level in (2, 3) and not occupation.transferable:
        message = N_("職種コード%(code)sは、第2号・第3号に移行できる職種・作業ではありません。")
        yield warning(message, N_("法第9条"), code=occupation.code)


def _sending(category: PlanCategory, sender: Sender | None, day: date) -> Iterator[Finding]:
    """A suspended sending organization: level-one applications that name it are treated as not meeting the criteria
    (notices of 2021 and 2023, Art. 9(vi) with Ord. 12(1)(vii))."""
    if sender is None:
        return
    if sender.suspended_from is not None:
        message = N_("送出機関からの新規受入れが%(day)sから停止されています。")
        citation, days = N_("法第9条第6号、規則第12条第1項第7号"), {"day": sender.suspended_from}
        severity = Severity.GRAVE if category.level in (1, None) else Severity.WARNING
        yield Finding(message, days, citation, severity)
    if sender.approved is False:
        message = N_("送出機関は、%(day)sに送出国政府の認定を受けていません。")
        yield warning(message, N_("協力覚書、規則第25条"), day=day)


def _sender_records(category: PlanCategory, sender: Sender | None, nationality: str | None) -> Iterator[Finding]:
    if sender is not None:
        yield from crosschecks.of_sender(sender.country, nationality)
    elif category in GROUP_CATEGORIES:
        yield crosschecks.no_sender()


def _known(facts: Facts) -> Iterator[Finding]:
    known, occupation = facts.known, facts.occupation
    yield from crosschecks.of_person(known.person, facts.category.level, facts.starts_on, facts.ends_on)
    yield from crosschecks.of_licence(known.handled, occupation.code, is_care=occupation.is_care)
    yield from crosschecks.of_closures(known.closures, facts.ends_on)


def _caps(facts: Facts) -> Iterator[Finding]:
    citation, level = N_("規則第16条"), facts.category.level
    if level is None:
        yield warning(N_("育成就労の人数枠は確認していません。"))
        return
    if facts.occupation.extra_caps:
        yield warning(N_("介護と建設には別の人数枠の定めがあります。この確認には含まれていません。"), citation)
    if facts.staff_count is None:
        yield warning(N_("常勤職員数が登録されていないため、人数枠を確認できません。"), citation)
        return
    cap = _cap(facts, facts.staff_count, level)
    count = facts.in_force.get(level, 0) + 1
    if cap is None:
        yield warning(N_("優良な企業単独型の人数枠は確認していません。"), citation)
    elif count > cap:
        message = N_("この計画を含む第%(level)s号の実習生は%(count)s名で、人数枠（%(cap)s名）を超えます。")
        yield grave(message, citation, level=level, count=count, cap=cap)


def _cap(facts: Facts, staff: int, level: int) -> int | None:
    if facts.is_group:
        return group_cap(staff, level, excellent=facts.is_excellent_pair)
    return None if facts.is_excellent else enterprise_cap(staff, level)


def uncontracted(*, is_contracted: bool) -> Iterator[Finding]:
    """The register may just not know it: no rule, but the relations of the bodies would not show the plan's."""
    if not is_contracted:
        yield note(
            N_("実習の期間について、監理団体と実習実施者との契約が登録されていません。契約の記録を確かめてください。")
        )


def _formalities(facts: Facts) -> Iterator[Finding]:
    """Practice, not law: applications come four months ahead; numbers carry year and office of the receipt."""
    if facts.is_new and facts.applied_on > add_months(facts.starts_on, -MONTHS_AHEAD):
        yield warning(N_("申請が、実習の開始予定日の4か月前を過ぎています。"))
    if facts.number_is_odd:
        yield warning(N_("受理番号の年または事務所の部分が、申請の年・担当の事務所と異なります。"))

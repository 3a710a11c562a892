"""The history of the licences, conditions on a few, and applications in every state. Draws no dice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from organizations.licenses import terms
from organizations.licenses.law import cited
from organizations.licenses.models import LicenseCondition, LicenseTerm
from organizations.licenses.numbers import made_number
from organizations.licenses.states import LicenseClass, LicenseState, TermGround
from organizations.licenses.terms import TERM_YEARS, Term, term_end
from organizations.licensing.models import LicenseApplication
from organizations.licensing.rules import term_findings
from organizations.licensing.services import PLACES
from organizations.licensing.states import ApplicationPurpose, ApplicationState
from otit.clock import add_years, last_day_before_anniversary
from otit.demo.bodies import Body, Register
from otit.demo.licensing import TERMS
from otit.demo.world import Row, World
from otit.findings import stored
from otit.law.authority import license_authority
from otit.law.schemes import ESD_LICENCE_APPLICATIONS_FROM
from otit.law.terms import ACT_IN_FORCE

NEW, RENEWAL, CHANGE = ApplicationPurpose.NEW, ApplicationPurpose.RENEWAL, ApplicationPurpose.CLASS_CHANGE
FACTS: Final = "申請書及び添付書類を確認し、役員及び監理責任者から事情を聴取した。申請の内容に相違はない。"
CONDITIONS: Final = (
    "介護職種の技能実習については、四半期ごとに監査の結果を報告すること。",
    "取扱職種に係る技能実習計画の作成指導者の変更は、事前に届け出ること。",
    "外部監査の結果を3か月ごとに提出すること。",
)
# Of the few of each kind that are written as decided.
_GIVEN, _RENEWED = 3, 4


@dataclass
class Files:
    """Writes applications; `used` are the bodies that have one which is open or is about today."""

    world: World
    register: Register
    used: set[int] = field(default_factory=set)

    def write(self, body: Body, purpose: ApplicationPurpose, license_class: LicenseClass, **values: Any) -> None:
        applied_on: date = values["applied_on"]
        basis = cited(license_class.scheme, PLACES[purpose], applied_on)
        number = values.pop("number", None) or self._number(body, applied_on)
        license = None if purpose is NEW and "valid_from" not in values else body.license
        self.world.rows.add(
            LicenseApplication,
            number=number,
            organization_id=body.row["id"],
            license_id=license["id"] if license else None,
            scheme=license_class.scheme,
            purpose=purpose,
            license_class=license_class,
            provision_code=basis.code,
            provision_from=basis.valid_from,
            created_at=self.world.moment(applied_on),
            **values,
        )

    def grant(self, body: Body, purpose: ApplicationPurpose, term: Term, years: int, **values: Any) -> None:
        findings = stored(term_findings(purpose, term.license_class, years))
        days = {"valid_from": term.starts_on, "valid_until": term.ends_on, "warnings": findings}
        self.decide(body, purpose, term.license_class, ApplicationState.GRANTED, **days, **values)

    def decide(
        self,
        body: Body,
        purpose: ApplicationPurpose,
        license_class: LicenseClass,
        state: ApplicationState,
        **values: Any,
    ) -> None:
        """By the ministers of that day."""
        decided_on: date = values["decided_on"]
        document = f"架空{decided_on:%m%d}第{decided_on.day}号"
        authority = license_authority(decided_on).value
        facts = {"facts_found": FACTS, "authority": authority, "document_number": document}
        self.write(body, purpose, license_class, state=state, **facts, **values)

    def _number(self, body: Body, on: date) -> str:
        serials = self.register.serials
        serials[on.year] = serials.get(on.year, 0) + 1
        return str(made_number(on, body.office, serials[on.year]))


def write_histories(world: World, register: Register, bodies: list[Body]) -> None:
    files = Files(world, register)
    live = [body for body in bodies if body.active and _license(body)["state"] is LicenseState.LICENSED]
    changed = next((body for body in live if _may_have_been_specific(world, body)), None)
    histories = {body.row["id"]: _changed(body) if body is changed else _history(body) for body in bodies}
    for body in bodies:
        for term in histories[body.row["id"]]:
            columns = {"starts_on": term.starts_on, "ends_on": term.ends_on, "ground": term.ground}
            world.rows.add(LicenseTerm, license_id=_license(body)["id"], license_class=term.license_class, **columns)
    if changed is not None:
        term = histories[changed.row["id"]][-1]
        files.grant(changed, CHANGE, term, TERM_YEARS[term.license_class][1], **_before(term.starts_on, 0))
    others = [body for body in live if body is not changed]
    _write_decided(files, others, histories)
    _write_open(files, others)
    _write_advance(files, [body for body in others if body.row["id"] not in files.used])
    _write_conditions(world, others)


def _license(body: Body) -> Row:
    assert body.license is not None  # each supervising organization has one
    return body.license


def _history(body: Body) -> list[Term]:
    """The first term and its renewals, up to the last valid day."""
    license = _license(body)
    license_class, start = license["license_class"], license["licensed_on"]
    history: list[Term] = []
    for years in TERMS[license_class]:
        end = last_day_before_anniversary(start, years)
        ground = TermGround.RENEWED if history else TermGround.LICENSED
        history.append(Term(license_class, terms.next_day(history) if history else start, end, ground))
        if end == license["expires_on"]:
            break
    return history


def _may_have_been_specific(world: World, body: Body) -> bool:
    """General for twelve years in all, of which the last seven have begun."""
    license = _license(body)
    if license["license_class"] is not LicenseClass.GENERAL or license["licensed_on"].day > 28:
        return False
    seven = add_years(license["licensed_on"], 5)
    return bool(license["expires_on"] == last_day_before_anniversary(seven, 7) and seven <= world.ago(30))


def _changed(body: Body) -> list[Term]:
    """Specific for three years, renewed, and general since its fifth year."""
    start: date = _license(body)["licensed_on"]
    specific = LicenseClass.SPECIFIC
    history = [Term(specific, start, term_end(specific, start, 3), TermGround.LICENSED)]
    history = terms.renewed(history, term_end(specific, terms.next_day(history), 5))
    on = add_years(start, 5)
    return terms.class_changed(history, on, LicenseClass.GENERAL, term_end(LicenseClass.GENERAL, on, 7))


def _before(starts_on: date, decided: int = 20) -> dict[str, date]:
    """Three to five months from the application to the licence."""
    days = {"applied_on": 150, "facts_found_on": 60, "decided_on": decided}
    return {name: starts_on - timedelta(days=count) for name, count in days.items()}


def _write_decided(files: Files, bodies: list[Body], histories: dict[int, list[Term]]) -> None:
    """First licences of which the papers are kept, and renewals of the last three years."""
    world = files.world
    first = [body for body in bodies if len(histories[body.row["id"]]) == 1]
    late = [body for body in first if _license(body)["licensed_on"] > ACT_IN_FORCE + timedelta(days=90)]
    for body in late[:_GIVEN]:
        term = histories[body.row["id"]][0]
        days = _before(term.starts_on, 5) | {"applied_on": term.starts_on - timedelta(days=60)}
        files.grant(body, NEW, term, TERM_YEARS[term.license_class][0], number=_license(body)["number"], **days)
    renewed = [body for body in bodies if world.ago(1095) <= histories[body.row["id"]][-1].starts_on <= world.today]
    for body in [body for body in renewed if len(histories[body.row["id"]]) > 1][:_RENEWED]:
        term = histories[body.row["id"]][-1]
        years = next(years for years in TERM_YEARS[term.license_class] if _lasts(term, years))
        files.grant(body, RENEWAL, term, years, **_before(term.starts_on))


def _lasts(term: Term, years: int) -> bool:
    return abs((last_day_before_anniversary(term.starts_on, years) - term.ends_on).days) <= 1


def _write_open(files: Files, bodies: list[Body]) -> None:
    """Renewals of what ends next, a change of class under way, and one that was refused."""
    world = files.world
    found = {"state": ApplicationState.FACTS_FOUND, "facts_found": FACTS}
    by_end = sorted(bodies, key=lambda body: (_license(body)["expires_on"], body.row["id"]))
    for body, applied, facts in zip(by_end, (160, 110, 70), (55, 20, None), strict=False):
        days: dict[str, Any] = {"applied_on": world.ago(applied)}
        if facts is not None:
            days |= {"facts_found_on": world.ago(facts), **found}
        files.write(body, RENEWAL, _license(body)["license_class"], **days)
        files.used.add(body.row["id"])
    specific = (body for body in by_end[::-1] if _license(body)["license_class"] is LicenseClass.SPECIFIC)
    free = (body for body in specific if body.row["id"] not in files.used)
    waiting, refused = _take(files, free), _take(files, free)
    files.write(waiting, CHANGE, LicenseClass.GENERAL, applied_on=world.ago(45))
    days = {"applied_on": world.ago(240), "facts_found_on": world.ago(150), "decided_on": world.ago(130)}
    reason = "優良要件の点数が基準に達していない。"
    files.decide(refused, CHANGE, LicenseClass.GENERAL, ApplicationState.REFUSED, refusal_reason=reason, **days)


def _take(files: Files, bodies: Iterator[Body]) -> Body:
    body = next(bodies)
    files.used.add(body.row["id"])
    return body


def _write_advance(files: Files, bodies: list[Body]) -> None:
    """Applications under the coming scheme, taken since 2026-04-15; none is granted yet."""
    world, support = files.world, LicenseClass.SUPPORT
    found = {"facts_found_on": world.ago(28), "facts_found": FACTS}
    files_of: list[tuple[int, dict[str, Any]]] = [
        (18, {}),
        (64, {}),
        (121, {"state": ApplicationState.FACTS_FOUND, **found}),
        (150, {"state": ApplicationState.WITHDRAWN, "withdrawn_on": world.ago(90)}),
    ]
    for body, (applied, values) in zip(bodies, files_of, strict=False):
        if world.ago(applied) >= ESD_LICENCE_APPLICATIONS_FROM:
            files.write(body, NEW, support, applied_on=world.ago(applied), **values)
    if len(bodies) > len(files_of) and world.ago(170) >= ESD_LICENCE_APPLICATIONS_FROM:
        days = {"applied_on": world.ago(170), "facts_found_on": world.ago(80), "decided_on": world.ago(41)}
        reason = "外部監査人が選任されていない。"
        body = bodies[len(files_of)]
        files.decide(body, NEW, support, ApplicationState.REFUSED, refusal_reason=reason, **days)


def _write_conditions(world: World, bodies: list[Body]) -> None:
    for body, text, ago, ended in zip(bodies[::5], CONDITIONS, (400, 260, 520), (None, None, 120), strict=False):
        starts_on = max(world.ago(ago), _license(body)["licensed_on"])
        basis = cited(_license(body)["license_class"].scheme, "30-1", starts_on)
        world.rows.add(
            LicenseCondition,
            license_id=_license(body)["id"],
            text=text,
            starts_on=starts_on,
            ends_on=world.ago(ended) if ended else None,
            provision_code=basis.code,
            provision_from=basis.valid_from,
        )

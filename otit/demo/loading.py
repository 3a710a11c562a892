"""Loading the demonstration into an empty database: one transaction of the caller, one audit event."""

from dataclasses import dataclass
from random import Random
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from inspections.scheduling.services import COUNTER, NATIONWIDE
from organizations.register.models import Organization
from organizations.sending.models import SendingOrganization
from otit.audit.models import AuditEvent, AuditHead
from otit.audit.trail import record
from otit.auth.actors import system_actor
from otit.auth.models import User
from otit.clock import Clock, fiscal_year
from otit.demo.agenda import fill_agenda
from otit.demo.alarms import note_difficulties
from otit.demo.applications import write_histories
from otit.demo.bodies import Register
from otit.demo.cycles import Cycles, Draft
from otit.demo.duplicates import enter_twice
from otit.demo.findings import record_visits
from otit.demo.instruments import issue_instruments
from otit.demo.joint import record_joint_results
from otit.demo.licensing import grant_licenses, make_sending_organizations
from otit.demo.masters import make_masters
from otit.demo.nights import note_nights
from otit.demo.papers import Papers, apply_for_plans, change_plans, name_trainees
from otit.demo.people import DOCUMENTED, PASSWORD, Account, make_people
from otit.demo.registers import fill_registers
from otit.demo.reports import write_reports
from otit.demo.sanctions import choose, open_files
from otit.demo.training import choose_supervisors, make_plans
from otit.demo.world import World
from otit.errors import UserError
from otit.numbering import Counter
from otit.text import N_

SEED: Final = 20171101
LOADED: Final = "demo.loaded"


@dataclass(frozen=True)
class DemoSummary:
    """What was loaded: the accounts, which share one password, rows by table, and the digest of them all."""

    sign_ins: tuple[Account, ...]
    password: str
    counts: dict[str, int]
    digest: str


class NotEmpty(UserError):
    """There is data already: invented records are not mixed with it."""

    status = 409


def is_empty(session: Session) -> bool:
    """Whether nobody and no organization has been entered yet."""
    tables = (User, Organization, SendingOrganization)
    return not any(session.scalar(sa.select(sa.exists().select_from(table))) for table in tables)


def is_demo(session: Session) -> bool:
    return session.scalar(sa.select(sa.exists().where(AuditEvent.action == LOADED))) is True


def load_demo(session: Session, clock: Clock, seed: int = SEED) -> DemoSummary:
    """Fill the empty database; the caller commits. The same day and seed make the same rows, passwords' salt apart.

    Raises NotEmpty. The lock on the audit trail's head puts a second loader in line, who is then refused.
    """
    session.execute(sa.update(AuditHead).where(AuditHead.id == 1).values(count=AuditHead.count))
    if not is_empty(session):
        raise NotEmpty(N_("データベースが空ではないため、デモデータを入れられません。"))
    world = World(clock.today(), Random(seed))  # noqa: S311 - dice, not secrets
    build(world, session)
    fill_registers(world, Random(f"{seed}-registers"))  # noqa: S311
    world.rows.insert(session)
    digest = world.rows.digest()
    counts = world.rows.counts()
    actor = system_actor("demo")
    record(session, actor, LOADED, ("database", "demo"), as_of=world.today, seed=seed, counts=counts, digest=digest)
    return DemoSummary(DOCUMENTED, PASSWORD, counts, digest)


def build(world: World, session: Session) -> None:
    """Make every row; the session serves only to draw numbers from the counters."""
    people = make_people(world)
    register = Register(world)
    supervising, implementing = register.supervising(), register.implementing()
    grant_licenses(world, register, supervising)
    sending = make_sending_organizations(world)
    make_masters(world, sending)
    choose_supervisors(world, implementing, supervising)
    cycles = Cycles(world, register, people)
    cycles.supervising(supervising)
    cycles.implementing(implementing)
    fill_agenda(world, people, cycles)
    drafts = cycles.number()
    _continue_numbers(session, drafts)
    chosen = choose(world, drafts)
    closing = {draft.body.row["id"]: world.ago(case.proposed + 20) for case, draft in chosen if case.plans}
    plans = make_plans(world, register, [body for body in implementing if body.active], sending, closing)
    findings = record_visits(world, drafts)
    findings += record_joint_results(world, people, drafts)
    issue_instruments(world, session, findings)
    open_files(world, session, people, chosen, plans)
    write_reports(world, session, people, sending)
    note_nights(world, drafts)
    write_histories(world, register, supervising)
    enter_twice(world, people, implementing)
    papers = Papers(world, Random("papers"), register.serials)  # noqa: S311 - dice, not secrets
    name_trainees(papers)
    apply_for_plans(papers)
    change_plans(papers)
    note_difficulties(papers, session, people)


def _continue_numbers(session: Session, drafts: list[Draft]) -> None:
    counts: dict[int, int] = {}
    for draft in drafts:
        year = fiscal_year(draft.created_on)
        counts[year] = counts.get(year, 0) + 1
    rows = [{"name": COUNTER, "office_code": NATIONWIDE, "year": y, "value": n} for y, n in sorted(counts.items())]
    session.execute(sa.insert(Counter), rows)

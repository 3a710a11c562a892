"""A batch from upload to register: who, bound to what, all or nothing, once."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from imports.batches import queries, services
from imports.batches.models import ImportBatch, ImportFile, ImportRow
from imports.batches.states import BatchState, ImportKind, Verdict
from imports.workbook.errors import NotAWorkbook, PasswordProtected
from organizations.register.details import OrganizationDetails
from organizations.register.models import Organization
from organizations.register.services import create_organization, update_organization
from organizations.register.states import OrganizationKind
from otit.audit.models import AuditEvent
from otit.audit.trail import verify
from otit.auth.actors import system_actor
from otit.auth.permissions import Role
from otit.db import db
from otit.errors import NotPermitted, StaleRecord, StateConflict
from otit.jobs.progress import Progress
from tests.factories import NOW, TODAY
from tests.workbooks import IMPLEMENTING_HEADER, IMPLEMENTING_ROW, changed, supervising_list, table_bytes


def listed(*rows):
    return table_bytes([("実習実施者一覧",), IMPLEMENTING_HEADER, *rows])


def row(**values):
    return changed(IMPLEMENTING_ROW, IMPLEMENTING_HEADER, **values)


GOOD = listed(IMPLEMENTING_ROW)


def bodies(session):
    return session.scalar(sa.select(sa.func.count()).select_from(Organization))


def actions(session):
    return session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_one_bad_row_stops_the_whole_file(desk, session):
    batch = desk.read(listed(IMPLEMENTING_ROW, row(届出受理番号="1711000002", 届出受理日="令和元年2月30日")))
    assert (batch.state, desk.counts(batch)) == (BatchState.READ, (1, 0, 0, 1))
    assert desk.reasons(batch) == [("D4", "wrong-date")]
    with pytest.raises(StateConflict):
        desk.confirm(batch)
    session.rollback()
    assert bodies(session) == 0


def test_a_refused_file_is_not_kept_but_the_attempt_is(desk, session):
    batch = desk.read(
        table_bytes([("実習実施者名", "届出受理番号", "電話番号"), ("架空", "1711000001", "089-999-0001")])
    )
    assert batch.state is BatchState.FAILED
    assert batch.failure % batch.failure_params == ("シート「一覧」（実習実施者一覧）に必要な見出しがありません：住所")
    assert session.scalar(sa.select(ImportFile.content)) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0
    assert actions(session) == ["import.uploaded", "import.failed"]


def test_a_table_without_rows_is_refused(desk):
    assert desk.read(listed()).failure.startswith("見出しは見つかりました")


def test_the_kind_a_person_chose_is_the_one_looked_for(desk):
    assert desk.read(GOOD, kind=ImportKind.IMPLEMENTING).state is BatchState.VALIDATED
    assert desk.read(GOOD, kind=ImportKind.PLANS).state is BatchState.FAILED


@pytest.mark.parametrize(("data", "error"), [(b"no workbook", NotAWorkbook)])
def test_what_the_first_bytes_show_is_refused_at_once_and_leaves_nothing(desk, session, data, error):
    with pytest.raises(error):
        desk.upload(data)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 0


def test_an_encrypted_workbook_is_refused_at_once(desk):
    data = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(PasswordProtected):
        desk.upload(data)


def test_the_whole_life_is_in_the_audit_trail(desk, session):
    batch = desk.bring_in(GOOD)
    assert actions(session) == [
        "import.uploaded",
        "import.read",
        "import.confirmed",
        "import.added",
        "import.applied",
    ]
    events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.actor for event in events] == [
        desk.actor.audit_name,
        "system:import",
        desk.actor.audit_name,
        "system:import",
        "system:import",
    ]
    added, applied = events[3], events[4]
    body = session.scalars(sa.select(Organization.id)).one()
    assert (added.subject_type, added.detail["count"], added.detail["ids"]) == ("organizations", 1, [[body, body]])
    assert (added.detail["batch"], added.detail["sha256"]) == (batch.number, batch.sha256)
    assert events[2].detail["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "error": 0}
    assert len(applied.detail["rows"]) == 64
    assert verify(session).sound


def test_confirming_names_the_file_that_was_looked_at(desk, session):
    batch = desk.read(GOOD)
    with pytest.raises(StaleRecord):
        services.confirm(session, desk.actor, batch, sha256="0" * 64, now=NOW)


def test_a_second_confirmation_is_refused_with_the_state(desk, session):
    batch = desk.read(GOOD)
    desk.confirm(batch)
    with pytest.raises(StateConflict, match="反映待ち|confirmed"):
        services.confirm(session, desk.actor, batch, sha256=batch.sha256, now=NOW)


def test_of_two_people_confirming_at_once_one_wins(desk, session):
    """Both have loaded the batch before either of them commits."""
    batch = desk.read(GOOD)
    start, outcomes = threading.Barrier(2), []
    engine, batch_id, sha256 = db.engine, batch.id, batch.sha256
    session.commit()

    def one():
        with Session(engine) as own:
            mine = own.get_one(ImportBatch, batch_id)
            start.wait(10)
            try:
                services.confirm(own, desk.actor, mine, sha256=sha256, now=NOW)
                own.commit()
                outcomes.append("confirmed")
            except (StaleDataError, StateConflict):
                own.rollback()
                outcomes.append("refused")

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["confirmed", "refused"]
    assert actions(session).count("import.confirmed") == 1


def test_a_batch_is_applied_once(desk, session):
    batch = desk.bring_in(GOOD)
    with pytest.raises(StateConflict):
        desk.apply(batch)
    session.rollback()
    assert bodies(session) == 1


def change_phone(session, body):
    details = {name: getattr(body, name) for name in OrganizationDetails.__dataclass_fields__}
    update_organization(
        session, system_actor("test"), body, OrganizationDetails(**details | {"phone": "089-998-1234"}), now=NOW
    )
    session.commit()


def test_a_record_changed_since_the_preview_refuses_the_whole_batch(desk, session):
    desk.bring_in(GOOD)
    batch = desk.read(listed(row(電話番号="089-999-1111"), row(届出受理番号="1711000002", 住所="愛媛県架空市9")))
    assert desk.counts(batch) == (1, 1, 0, 0)
    desk.confirm(batch)
    body = session.scalars(sa.select(Organization)).one()
    change_phone(session, body)
    applied = desk.apply(batch)
    assert applied.state is BatchState.FAILED
    assert (applied.failure_params, desk.counts(applied)) == ({"count": 1}, (1, 0, 0, 1))
    stale = [one for one in desk.rows(batch) if one.verdict is Verdict.ERROR]
    assert [(one.number, one.errors[0]["code"]) for one in stale] == [(3, "stale")]
    assert bodies(session) == 1
    assert body.phone == "089-998-1234"
    assert actions(session)[-1] == "import.failed"


def test_a_new_row_that_somebody_entered_meanwhile_refuses_the_whole_batch(desk, session):
    batch = desk.read(GOOD)
    desk.confirm(batch)
    details = OrganizationDetails(
        name="株式会社架空縫製", prefecture_code="38", address="松山市架空町4-5", notification_number="1711000001"
    )
    create_organization(session, system_actor("test"), OrganizationKind.IMPLEMENTING, details, now=NOW)
    session.commit()
    assert desk.apply(batch).state is BatchState.FAILED
    assert bodies(session) == 1


def test_a_change_elsewhere_does_not_stop_a_batch(desk, session, factories):
    other = factories.organization()
    batch = desk.read(GOOD)
    desk.confirm(batch)
    change_phone(session, other)
    assert desk.apply(batch).state is BatchState.APPLIED


def test_two_batches_of_one_file_add_its_bodies_once(desk, session):
    first, second = desk.read(GOOD), desk.read(GOOD)
    desk.confirm(first)
    desk.confirm(second)
    assert desk.apply(first).state is BatchState.APPLIED
    assert desk.apply(second).state is BatchState.FAILED
    assert bodies(session) == 1


def test_what_went_stale_can_be_read_again(desk, session):
    batch = desk.read(GOOD)
    other = desk.read(GOOD)
    for one in (batch, other):
        desk.confirm(one)
        desk.apply(one)
    again = services.upload_again(session, desk.actor, other, now=NOW)
    session.commit()
    assert (again.sha256, again.number != other.number) == (other.sha256, True)
    services.read(session, system_actor("import"), again, today=TODAY, progress=Progress("test", None))
    assert again.state is BatchState.UNCHANGED


def test_a_file_that_was_refused_cannot_be_read_again(desk, session):
    batch = desk.read(listed())
    with pytest.raises(StateConflict):
        services.upload_again(session, desk.actor, batch, now=NOW)


def test_a_fault_half_way_leaves_nothing(desk, session, monkeypatch):
    """The last statement of applying fails; what was written before it is gone."""
    batch = desk.read(supervising_list(SUPERVISING))
    desk.confirm(batch)
    monkeypatch.setattr(services, "record_bulk", lambda *_args, **_values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.apply(batch)
    session.rollback()
    session.expire_all()
    assert bodies(session) == 0
    assert batch.state is BatchState.CONFIRMED
    assert {one.target_id for one in desk.rows(batch)} == {None}
    monkeypatch.undo()
    assert desk.apply(batch).state is BatchState.APPLIED


SUPERVISING = (
    "みかん山協同組合",
    None,
    "愛媛県",
    "松山市架空町1",
    None,
    "令和6年6月1日",
    "令和9年5月31日",
    "中国",
    "1-1",
    None,
)


def test_withdrawing_drops_the_file_and_keeps_the_verdicts(desk, session):
    batch = desk.read(GOOD)
    services.reject(session, desk.actor, batch)
    session.commit()
    assert queries.content_of(session, batch) is None
    assert len(desk.rows(batch)) == 1
    assert actions(session)[-1] == "import.rejected"


def test_a_file_stays_while_another_batch_needs_it(desk, session):
    batch, other = desk.read(GOOD), desk.read(GOOD)
    services.reject(session, desk.actor, batch)
    session.commit()
    assert queries.content_of(session, other) == GOOD


def test_a_withdrawn_batch_is_not_applied_by_a_job_that_comes_late(desk, session):
    batch = desk.read(GOOD)
    desk.confirm(batch)
    services.reject(session, desk.actor, batch)
    session.commit()
    with pytest.raises(StateConflict):
        desk.apply(batch)
    session.rollback()
    assert bodies(session) == 0


def test_numbers_count_up_within_the_fiscal_year(desk):
    assert [desk.upload(GOOD).number, desk.upload(GOOD).number] == ["取込26-00001", "取込26-00002"]


@pytest.mark.parametrize("act", ["upload", "confirm", "reject", "upload_again"])
@pytest.mark.parametrize(("role", "office"), [(Role.MANAGER, "11"), (Role.READ_ONLY, None), (Role.INSPECTOR, "11")])
def test_only_headquarters_imports(desk, session, factories, act, role, office):
    batch = desk.read(GOOD)
    actor = factories.user(role, office_code=office).actor
    acts = {
        "upload": lambda: services.upload(session, actor, GOOD, "a.xlsx", kind=None, now=NOW),
        "confirm": lambda: services.confirm(session, actor, batch, sha256=batch.sha256, now=NOW),
        "reject": lambda: services.reject(session, actor, batch),
        "upload_again": lambda: services.upload_again(session, actor, batch, now=NOW),
    }
    with pytest.raises(NotPermitted):
        acts[act]()


def test_the_date_of_the_list_is_kept(desk):
    assert desk.read(supervising_list(SUPERVISING)).as_of == date(2026, 7, 27)

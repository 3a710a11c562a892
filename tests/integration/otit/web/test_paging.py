"""Keyset pages: every row once, in order, both ways; a damaged place in the list is refused, not obeyed."""

import base64
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from otit.audit.models import AuditEvent
from otit.audit.trail import record
from otit.auth.actors import system_actor
from otit.auth.models import User
from otit.errors import UserError
from otit.jobs.models import JobRun
from otit.web.paging import Listing, Page, keyset_page
from tests.cases import statements
from tests.factories import Factories

USERS = (sa.select(User), (User.username, User.id))
RUNS = (sa.select(JobRun), (JobRun.created_at, JobRun.id))
EVENTS = (sa.select(AuditEvent), (AuditEvent.id,))


def place(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("descending", [False, True])
def test_paging_there_and_back_shows_every_row_once_in_order(
    session: Session, factories: Factories, descending: bool
) -> None:
    for _ in range(7):
        factories.user()

    def page(cursor: str | None) -> Page[User]:
        return keyset_page(session, *USERS, cursor, descending=descending, size=3)

    pages = [page(None)]
    while pages[-1].next_cursor:
        pages.append(page(pages[-1].next_cursor))
    names = [row[0].username for each in pages for row in each.rows]
    assert names == sorted(names, reverse=descending)
    assert [len(each.rows) for each in pages] == [3, 3, 1]
    assert pages[0].previous_cursor is None
    back = page(pages[2].previous_cursor)
    assert [row[0].id for row in back.rows] == [row[0].id for row in pages[1].rows]
    assert page(back.previous_cursor).previous_cursor is None


def test_a_place_by_moment_is_kept_exactly(session: Session, factories: Factories) -> None:
    for _ in range(3):
        session.add(JobRun(kind="k", args={}, max_attempts=1, requested_by="system:test"))
    session.commit()
    first = keyset_page(session, *RUNS, None, size=2)
    second = keyset_page(session, *RUNS, first.next_cursor, size=2)
    assert len({row[0].id for row in [*first.rows, *second.rows]}) == 3


def test_a_big_key_is_a_place_where_the_column_is_big(session: Session) -> None:
    record(session, system_actor("test"), "test.done", ("tests", 1))
    session.commit()
    assert len(keyset_page(session, *EVENTS, place(1, 2**62)).rows) == 1


@pytest.mark.parametrize(
    ("lists", "cursor"),
    [
        *((USERS, text) for text in ("%%%", "あ", "x", base64.urlsafe_b64encode(b"[" * 50_000).decode())),
        *((USERS, place(*values)) for values in ((), (0,), (0, "a"), (0, 1, 1), (0, "a", "b"), (0, "a", True))),
        *((USERS, place(0, name, 1)) for name in (None, "a\0", "\ud800", [], {})),
        *((USERS, place(0, "a", key)) for key in (1.5, 2**31, 2**63, 10**40, None)),
        *((EVENTS, place(0, key)) for key in (2**63, -(2**70))),
        *((RUNS, place(0, at, "x")) for at in ("soon", 1, "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00")),
    ],
)
def test_a_damaged_place_is_refused(session: Session, lists: tuple, cursor: str) -> None:
    with pytest.raises(UserError, match="ページの位置"):
        keyset_page(session, *lists, cursor)


def test_a_list_in_branches_shows_what_it_would_as_a_whole(session: Session, factories: Factories) -> None:
    for n in range(11):
        factories.user(office_code=f"{n % 3 + 3:02d}")
    first = User.office_code == "03"
    parts = [first, sa.and_(User.office_code.in_(["04", "05"]))]
    rows = sa.select(User.id, User.office_code)
    keys = (User.username, User.id)
    whole, split = Listing(rows, keys, size=4), Listing(rows, keys, size=4, branches=parts)
    cursor, seen = None, 0
    while True:
        expected, (page, count) = whole.page(session, cursor), split.read(session, cursor)
        assert [row.id for row in page.rows] == [row.id for row in expected.rows]
        assert (page.next_cursor, page.previous_cursor) == (expected.next_cursor, expected.previous_cursor)
        assert count == (11, True)
        seen += len(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == 11
    assert [row.id for row in session.execute(split.whole())] == [row.id for row in session.execute(whole.whole())]
    before = split.page(session, page.previous_cursor)
    assert [row.id for row in before.rows] == [row.id for row in whole.page(session, page.previous_cursor).rows]


def test_what_fits_on_the_first_page_is_not_counted_again(session: Session, factories: Factories) -> None:
    for _ in range(3):
        factories.user()
    with statements() as sent:
        page, count = Listing(*USERS, size=3).read(session, None)
    assert (len(page.rows), count) == (3, (3, True))
    assert len(sent) == 1
    with statements() as sent:
        assert Listing(*USERS, size=2).read(session, None)[1] == (3, True)
    assert len(sent) == 2


def test_what_is_found_at_once_with_its_number_is_the_same_list(session: Session, factories: Factories) -> None:
    for n in range(9):
        factories.user(office_code=f"{n % 2 + 3:02d}")
    keys = (User.username, User.id)
    sought, branches = sa.select(User.id), [User.office_code == "03", User.office_code == "04"]
    shown = sa.select(User.id, User.display_name)
    for descending in (False, True):
        plain = Listing(shown, keys, size=4, descending=descending)
        at_once = Listing(shown, keys, size=4, descending=descending, sought=sought, branches=branches, at_once=True)
        page, count = plain.read(session, None)
        with statements() as sent:
            found, counted = at_once.read(session, None)
        assert len(sent) == 1
        assert counted == count == (9, True)
        assert [row.id for row in found.rows] == [row.id for row in page.rows]
        assert (found.next_cursor, found.previous_cursor) == (page.next_cursor, None)
        second, counted = at_once.read(session, found.next_cursor)
        assert counted == (9, True)
        assert [row.id for row in second.rows] == [row.id for row in plain.page(session, page.next_cursor).rows]
    few = Listing(shown, keys, size=4, sought=sought, most=3, at_once=True)
    assert few.read(session, None)[1] == (3, False)
    none = Listing(shown, keys, sought=sought.where(sa.false()), at_once=True)
    assert none.read(session, None) == (none.page(session, None), (0, True))


@pytest.mark.parametrize("many", [False, True])
def test_parts_are_counted_until_there_are_enough(session: Session, factories: Factories, many: bool) -> None:
    for n in range(4):
        factories.user(office_code=f"{n % 2 + 3:02d}")
    parts = [sa.select(sa.literal(1)).where(User.office_code == code) for code in ("03", "04")]
    listing = Listing(sa.select(User.id), (User.id,), parts=parts, most=3 if many else 4)
    assert listing.count(session) == ((3, False) if many else (4, True))


def test_what_is_sought_in_fewer_tables_is_the_same_list(session: Session, factories: Factories) -> None:
    for n in range(7):
        factories.user(office_code=f"{n % 2 + 3:02d}")
    keys = (User.username, User.id)
    shown = sa.select(User.id, User.display_name)
    plain = Listing(shown.where(User.office_code == "03"), keys, size=3, descending=True)
    late = Listing(shown, keys, size=3, descending=True, sought=sa.select(User.id).where(User.office_code == "03"))
    first = late.page(session, None)
    for cursor in (None, first.next_cursor):
        assert [tuple(row) for row in late.page(session, cursor).rows] == [
            tuple(r) for r in plain.page(session, cursor).rows
        ]
    assert late.count(session) == (4, True)
    assert [tuple(row) for row in session.execute(late.whole())] == [tuple(r) for r in session.execute(plain.whole())]

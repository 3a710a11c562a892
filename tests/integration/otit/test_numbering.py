"""Numbers come from a counter row; they are never given twice and leave no gap after a rollback."""

from sqlalchemy.orm import Session

from otit.numbering import next_number


def test_numbers_run_on_within_name_office_and_year(session: Session) -> None:
    assert [next_number(session, "order", "11", 2026) for _ in range(3)] == [1, 2, 3]
    assert next_number(session, "order", "12", 2026) == 1
    assert next_number(session, "order", "11", 2027) == 1
    assert next_number(session, "inspection", "11", 2026) == 1


def test_a_block_is_reserved_at_once(session: Session) -> None:
    assert next_number(session, "inspection", "00", 2026, count=500) == 1
    assert next_number(session, "inspection", "00", 2026) == 501


def test_a_rolled_back_act_gives_its_number_back(session: Session) -> None:
    next_number(session, "order", "11", 2026)
    session.commit()
    next_number(session, "order", "11", 2026)
    session.rollback()
    assert next_number(session, "order", "11", 2026) == 2

"""Every act in the audit trail and every record has words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspections.dispositions.states import DispositionAct
from inspections.moc.states import MocAct
from otit.admin.words import ABOUT, DONE, RECORDS, schedule_words
from otit.db import db

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("otit", "organizations", "inspections", "imports")


def acts() -> Iterator[str]:
    """The codes in calls of `record` and `record_bulk`, and other constants of that shape about the same things."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            if file.name == "words.py":
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_act(node.value):
                    yield node.value
    yield from (f"disposition.{act.value}" for act in DispositionAct)
    yield from (f"moc_report.{act.value}" for act in MocAct)


def called() -> Iterator[str]:
    """What is given to `record` and `record_bulk` as an act, whatever it is about."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record", "record_bulk"):
                    act = node.args[2] if len(node.args) > 2 else None
                    if isinstance(act, ast.Constant):
                        yield str(act.value)


def _is_act(text: str) -> bool:
    about, dot, done = text.partition(".")
    return (
        bool(dot)
        and about in ABOUT
        and done.replace("_", "").isalpha()
        and text not in ("organization.top", "duplicates.pair", "duplicates.index")
    )


def test_every_act_has_words() -> None:
    found = {*acts(), *called()}
    assert len(found) > 100
    assert {act for act in found if act.partition(".")[0] not in ABOUT or act.partition(".")[2] not in DONE} == set()
    assert DONE.keys() - {act.partition(".")[2] for act in found} == set()


def test_the_words_of_records_are_of_tables_that_there_are() -> None:
    assert RECORDS.keys() - db.metadata.tables.keys() == {"database", "export"}


@pytest.mark.parametrize(
    ("cron", "words"), [("0 2 * * *", "毎日 2:00"), ("10 0 * * *", "毎日 0:10"), ("*/5 * * * *", "*/5 * * * *")]
)
def test_a_daily_schedule_is_told_by_its_time(cron: str, words: str) -> None:
    assert schedule_words(cron) == words

"""The first start on an empty home, and the ones after it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from otit.app import create_app
from otit.config import load_settings
from otit.db import db
from otit.jobs import startup
from otit.numbering import Counter, next_number

ACCOUNT = startup.SignIn("demo-inspector", "a password", "検査官")


@pytest.fixture
def settings(tmp_path):
    return load_settings({"OTIT_HOME": str(tmp_path), "REDIS_URL": "unix:///nowhere/redis.sock"})


@pytest.fixture
def told():
    return []


def start(settings, told, load):
    """One start, in an application of its own as in a process of its own."""
    app = create_app(settings)
    demonstration = startup.Demonstration(
        wanted=lambda session: session.scalar(sa.select(Counter.value)) is None,
        load=load,
        sign_ins=lambda session: [ACCOUNT],
    )
    startup.offer_demonstration(app, demonstration)
    accounts = startup.prepare(app, settings, told.append)
    with app.app_context():
        loaded = db.session.scalar(sa.select(Counter.value)) or 0
        db.session.remove()
        db.engine.dispose()
    return accounts, loaded


def load_once(session):
    next_number(session, "demo", "00", 2026)


def test_the_demonstration_is_made_on_the_first_start_only(settings, told):
    assert start(settings, told, load_once) == ([ACCOUNT], 1)
    assert start(settings, told, load_once) == ([ACCOUNT], 1)
    assert len(told) == 1


def test_without_the_setting_there_is_no_demonstration_and_no_account(settings, told):
    assert start(replace(settings, demo=False), told, load_once) == ((), 0)


def test_a_demonstration_that_breaks_leaves_nothing_behind(settings, told):
    def broken(session):
        load_once(session)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        start(settings, told, broken)
    assert start(settings, told, load_once) == ([ACCOUNT], 1)

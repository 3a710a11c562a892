"""What a migration does to the rows that are there."""

from collections.abc import Iterator

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.trainees.models import Trainee
from otit.db import db
from tests.factories import Factories


def move(app: Flask, revision: str) -> None:
    db.session.commit()
    db.session.remove()
    (flask_migrate.upgrade if revision == "head" else flask_migrate.downgrade)(revision=revision)


@pytest.fixture
def before_one_trainee(app: Flask) -> Iterator[None]:
    move(app, "0004")
    yield
    move(app, "head")


@pytest.mark.usefixtures("before_one_trainee")
def test_who_was_entered_twice_is_joined_to_the_oldest(app: Flask, session: Session, factories: Factories) -> None:
    oldest, again, third = (factories.trainee(name="KASOU FUTAE") for _ in range(3))
    other = factories.trainee(name="KASOU FUTAE", nationality="IDN")
    plans = [factories.plan(trainee_id=one.id).id for one in (oldest, again, other)]
    application = factories.plan_application(trainee_id=third.id).id
    ids = {"oldest": oldest.id, "other": other.id}
    move(app, "head")
    assert set(session.scalars(sa.select(Trainee.id))) == set(ids.values())
    named = "SELECT id, trainee_id FROM {} ORDER BY id"
    rows = session.execute(sa.text(named.format("training_plans"))).all()
    assert [tuple(row) for row in rows] == list(zip(plans, (ids["oldest"], ids["oldest"], ids["other"]), strict=True))
    assert [tuple(row) for row in session.execute(sa.text(named.format("plan_applications")))] == [
        (application, ids["oldest"])
    ]
    with pytest.raises(IntegrityError, match=r"uq_trainees_identity|trainees\.name_key"):
        factories.trainee(name="KASOU FUTAE")
    session.rollback()

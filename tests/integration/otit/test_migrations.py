"""What a migration does to the rows that are there."""

from collections.abc import Iterator

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizations.accreditation.models import PlanApplication
from organizations.plans.models import TrainingPlan
from organizations.register.models import Organization, Place
from organizations.register.states import PlaceKind
from organizations.trainees.models import Trainee
from otit.db import db
from tests.factories import Factories


def move(app: Flask, revision: str) -> None:
    db.session.commit()
    db.session.remove()
    (flask_migrate.upgrade if revision == "head" else flask_migrate.downgrade)(revision=revision)


def test_telephone_numbers_that_are_there_can_be_found_and_the_way_back_is_open(
    app: Flask, session: Session, factories: Factories
) -> None:
    written = {"０８９（０００）０００１": "0890000001", "なし": None, None: None}
    bodies = [factories.organization(phone=phone).id for phone in written]
    where = {"prefecture_code": "38", "address": "架空市1", "phone": "+81 89-000-0002"}
    place = factories.add(Place(organization_id=bodies[0], kind=PlaceKind.DORMITORY, name="架空寮", **where)).id
    move(app, "0006")
    columns = {one["name"] for one in sa.inspect(db.engine).get_columns("organizations")}
    move(app, "head")
    assert "phone_key" not in columns
    kept = session.execute(sa.select(Organization.id, Organization.phone_key).order_by(Organization.id)).all()
    assert [tuple(row) for row in kept] == list(zip(bodies, written.values(), strict=True))
    assert session.get_one(Place, place).phone_key == "0890000002"
    session.rollback()


@pytest.fixture
def before_one_trainee(app: Flask, factories: Factories) -> Iterator[tuple[list[int], int]]:
    """The ids of three plans and of an application, made by the tables of today: the older ones know less of bodies."""
    plans, application = [factories.plan().id for _ in range(3)], factories.plan_application().id
    move(app, "0004")
    yield plans, application
    move(app, "head")


def test_who_was_entered_twice_is_joined_to_the_oldest(
    app: Flask, session: Session, factories: Factories, before_one_trainee: tuple[list[int], int]
) -> None:
    plans, application = before_one_trainee
    oldest, again, third = (factories.trainee(name="KASOU FUTAE") for _ in range(3))
    other = factories.trainee(name="KASOU FUTAE", nationality="IDN")
    for plan, one in zip(plans, (oldest, again, other), strict=True):
        session.execute(sa.update(TrainingPlan).where(TrainingPlan.id == plan).values(trainee_id=one.id))
    session.execute(sa.update(PlanApplication).values(trainee_id=third.id))
    ids = {"oldest": oldest.id, "other": other.id}
    session.commit()
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

"""one row for each trainee: who was entered twice is joined, and cannot be entered twice again"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_IDENTITY = ("name_key", "born_on", "nationality")
_BEARERS = ("training_plans", "plan_applications")


def _join_doubles(connection: sa.Connection) -> None:
    """What names a later row of the same name, birth date and nationality names the oldest one instead."""
    trainees = sa.table("trainees", *(sa.column(name) for name in ("id", *_IDENTITY)))
    of_person = [trainees.c[name] for name in _IDENTITY]
    several = sa.func.count() > 1
    doubles = sa.select(sa.func.min(trainees.c.id).label("oldest"), *of_person).group_by(*of_person).having(several)
    for oldest, *person in connection.execute(doubles).all():
        same = sa.and_(*(column == value for column, value in zip(of_person, person, strict=True)))
        later = connection.scalars(sa.select(trainees.c.id).where(same, trainees.c.id != oldest)).all()
        for name in _BEARERS:
            bearer = sa.table(name, sa.column("trainee_id"))
            connection.execute(sa.update(bearer).where(bearer.c.trainee_id.in_(later)).values(trainee_id=oldest))
        connection.execute(sa.delete(trainees).where(trainees.c.id.in_(later)))


def upgrade() -> None:
    _join_doubles(op.get_bind())
    op.create_index("uq_trainees_identity", "trainees", list(_IDENTITY), unique=True)
    op.drop_index("ix_trainees_name_key_born_on", table_name="trainees")


def downgrade() -> None:
    op.create_index("ix_trainees_name_key_born_on", "trainees", ["name_key", "born_on"])
    op.drop_index("uq_trainees_identity", table_name="trainees")

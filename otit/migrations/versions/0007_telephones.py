"""telephones: the digits of a number, by which organizations and their places are found"""

import sqlalchemy as sa
from alembic import op

from otit.text import phone_key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("organizations", "places")
_AT_ONCE = 5000


def _fill(connection: sa.Connection, name: str) -> None:
    table = sa.table(name, *(sa.column(column) for column in ("id", "phone", "phone_key")))
    update = sa.update(table).where(table.c.id == sa.bindparam("of")).values(phone_key=sa.bindparam("digits"))
    known = sa.select(table.c.id, table.c.phone).where(table.c.phone.is_not(None)).order_by(table.c.id)
    last = 0
    while rows := connection.execute(known.where(table.c.id > last).limit(_AT_ONCE)).all():
        connection.execute(update, [{"of": row.id, "digits": phone_key(row.phone)} for row in rows])
        last = rows[-1].id


def upgrade() -> None:
    for name in _TABLES:
        op.add_column(name, sa.Column("phone_key", sa.Text(), nullable=True))
        _fill(op.get_bind(), name)
        op.create_index(f"ix_{name}_phone_key", name, ["phone_key"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_index(f"ix_{name}_phone_key", table_name=name)
        op.drop_column(name, "phone_key")

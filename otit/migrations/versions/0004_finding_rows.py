"""finding rows: the visits of a day, and names by the pairs of their letters (PostgreSQL)"""

import sqlalchemy as sa
from alembic import op

from otit.migrations.pairs import index_pairs, unindex_pairs

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('planned', 'assigned', 'in_progress')")


def upgrade() -> None:
    op.create_index(
        "ix_inspections_open_planned",
        "inspections",
        ["assigned_to_id", "planned_on"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    index_pairs(op)


def downgrade() -> None:
    unindex_pairs(op)
    op.drop_index("ix_inspections_open_planned", table_name="inspections")

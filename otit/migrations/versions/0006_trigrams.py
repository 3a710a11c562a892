"""trigrams: names found along an index on SQLite too, and their pairs made faster on PostgreSQL"""

from alembic import op

from otit.migrations.pairs import define_pairs
from otit.migrations.trigrams import index_trigrams, unindex_trigrams

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    index_trigrams(op)
    define_pairs(op)


def downgrade() -> None:
    unindex_trigrams(op)

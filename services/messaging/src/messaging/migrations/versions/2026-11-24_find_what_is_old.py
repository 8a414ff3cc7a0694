"""Retention of the inbox and of stored answers reads ranges of indexes."""

from alembic import op

from chassis.schema import retention_indexes

revision = "find_what_is_old"
down_revision = "find_old_rows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(retention_indexes())

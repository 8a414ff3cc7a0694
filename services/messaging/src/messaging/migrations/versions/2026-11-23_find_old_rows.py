"""What is old is found by an index range: the sweeper read both tables whole. BRIN, because rows come in the order of their time."""

from alembic import op

revision = "find_old_rows"
down_revision = "create_messaging"
branch_labels = None
depends_on = None

INDEXES = """
CREATE INDEX orders_created_at_idx ON orders USING brin (created_at);
CREATE INDEX notifications_created_at_idx ON notifications USING brin (created_at);
"""


def upgrade() -> None:
    op.execute(INDEXES)

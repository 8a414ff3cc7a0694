"""count audience"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROJECTIONS = """
CREATE TABLE visits (
    day date NOT NULL,
    page text NOT NULL,
    visit_id text NOT NULL,
    PRIMARY KEY (day, page, visit_id)
);
CREATE TABLE buyer_orders (
    order_id text PRIMARY KEY,
    buyer_id text NOT NULL,
    day date NOT NULL
);
CREATE INDEX buyer_orders_day_idx ON buyer_orders (day);
CREATE INDEX buyer_orders_buyer_id_idx ON buyer_orders (buyer_id, day);
"""


def upgrade() -> None:
    op.execute(PROJECTIONS)


def downgrade() -> None:
    op.execute("DROP TABLE buyer_orders, visits")

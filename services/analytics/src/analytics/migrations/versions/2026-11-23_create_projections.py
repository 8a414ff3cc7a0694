"""create projections"""

from alembic import op

from chassis.schema import technical_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PROJECTIONS = """
CREATE TABLE event_log (
    event_id text PRIMARY KEY,
    topic text NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    correlation_id text NOT NULL,
    causation_id text,
    time timestamptz NOT NULL
);
CREATE INDEX event_log_correlation_id_idx ON event_log (correlation_id);
CREATE INDEX event_log_subject_idx ON event_log (subject);
CREATE TABLE sale_lines (
    line_id text PRIMARY KEY,
    order_id text NOT NULL,
    seller_order_id text NOT NULL,
    seller_id text NOT NULL,
    category_id text NOT NULL,
    product_id text NOT NULL,
    quantity integer NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    day date NOT NULL
);
CREATE INDEX sale_lines_day_idx ON sale_lines (day);
CREATE INDEX sale_lines_seller_id_idx ON sale_lines (seller_id, day);
CREATE TABLE settlements (
    seller_order_id text PRIMARY KEY,
    order_id text NOT NULL,
    seller_id text NOT NULL,
    gross bigint NOT NULL,
    commission bigint NOT NULL,
    net bigint NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    sequence bigint NOT NULL,
    day date NOT NULL
);
CREATE INDEX settlements_day_idx ON settlements (day);
CREATE TABLE seller_names (
    seller_id text PRIMARY KEY,
    name text NOT NULL,
    handle text NOT NULL,
    sequence bigint NOT NULL
);
CREATE TABLE page_views (
    day date NOT NULL,
    page text NOT NULL,
    views bigint NOT NULL,
    PRIMARY KEY (day, page)
);
CREATE TABLE searches (
    day date NOT NULL,
    query text NOT NULL,
    locale text NOT NULL,
    searches bigint NOT NULL,
    without_hits bigint NOT NULL,
    PRIMARY KEY (day, query, locale)
);
"""


def upgrade() -> None:
    op.execute(technical_tables())
    op.execute(PROJECTIONS)


def downgrade() -> None:
    op.execute("DROP TABLE searches, page_views, seller_names, settlements, sale_lines, event_log")
    op.execute("DROP TABLE outbox, inbox, idempotency_keys, parked_events")

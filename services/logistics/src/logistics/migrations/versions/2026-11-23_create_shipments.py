"""Technical tables, shipments, registrations, callbacks."""

from alembic import op

from chassis.schema import technical_tables

revision = "create_shipments"
down_revision = None
branch_labels = None
depends_on = None

_SHIPMENTS = """
CREATE TABLE known_orders (
    order_id text PRIMARY KEY,
    buyer_id text NOT NULL
);
CREATE TABLE shipments (
    shipment_id text PRIMARY KEY,
    order_id text NOT NULL,
    seller_order_id text NOT NULL UNIQUE,
    seller_id text NOT NULL,
    buyer_id text NOT NULL,
    status text NOT NULL,
    last_scan text,
    carrier text,
    tracking_number text,
    tracking_url text,
    shipped_at timestamptz,
    delivered_at timestamptz,
    sequence bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 80);
CREATE INDEX shipments_order_id_idx ON shipments (order_id);
CREATE INDEX shipments_seller_id_shipment_id_idx ON shipments (seller_id, shipment_id);
CREATE TABLE shipment_lines (
    line_id text PRIMARY KEY,
    shipment_id text NOT NULL REFERENCES shipments,
    position bigint NOT NULL,
    offer_id text NOT NULL,
    product_id text NOT NULL,
    title_fr text NOT NULL,
    title_en text NOT NULL,
    quantity bigint NOT NULL
);
CREATE INDEX shipment_lines_shipment_id_idx ON shipment_lines (shipment_id);
CREATE TABLE shipment_steps (
    shipment_id text NOT NULL REFERENCES shipments,
    n bigint NOT NULL,
    status text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shipment_id, n)
);
"""

_CARRIER = """
CREATE TABLE registrations (
    shipment_id text PRIMARY KEY REFERENCES shipments,
    carrier text NOT NULL,
    tracking_number text,
    state text NOT NULL,
    attempts bigint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    error text,
    correlation_id text NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX registrations_next_attempt_at_idx ON registrations (next_attempt_at) WHERE state = 'pending';
CREATE TABLE carrier_callbacks (
    callback_id text PRIMARY KEY,
    shipment_id text NOT NULL REFERENCES shipments,
    status text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""


def upgrade() -> None:
    """Create everything."""
    for statements in (technical_tables(), _SHIPMENTS, _CARRIER):
        op.execute(statements)


def downgrade() -> None:
    """Not offered."""
    raise NotImplementedError("migrations go forward only; restore a backup to go back")

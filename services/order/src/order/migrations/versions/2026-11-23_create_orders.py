"""Technical tables, projections, carts, orders, sagas."""

from alembic import op

from chassis.schema import technical_tables

revision = "create_orders"
down_revision = None
branch_labels = None
depends_on = None

_MARKET = """
CREATE TABLE offers (
    offer_id text PRIMARY KEY,
    sequence bigint NOT NULL,
    product_id text NOT NULL,
    variant_id text NOT NULL,
    sku text NOT NULL,
    seller_id text NOT NULL,
    category_id text NOT NULL,
    status text NOT NULL,
    title_fr text NOT NULL,
    title_en text NOT NULL,
    variant_fr text NOT NULL,
    variant_en text NOT NULL,
    image_url text NOT NULL,
    price bigint NOT NULL,
    currency text NOT NULL,
    available bigint NOT NULL
) WITH (fillfactor = 80);
CREATE TABLE sellers (
    seller_id text PRIMARY KEY,
    sequence bigint NOT NULL,
    status text NOT NULL
);
"""

_CARTS = """
CREATE TABLE carts (
    cart_id text PRIMARY KEY,
    account_id text UNIQUE,
    token_hash bytea UNIQUE,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT carts_one_owner_check CHECK (num_nonnulls(account_id, token_hash) = 1)
) WITH (fillfactor = 80);
CREATE INDEX carts_updated_at_idx ON carts (updated_at) WHERE token_hash IS NOT NULL;
CREATE TABLE cart_lines (
    cart_id text NOT NULL REFERENCES carts ON DELETE CASCADE,
    offer_id text NOT NULL,
    quantity bigint NOT NULL,
    seen_price bigint NOT NULL,
    seen_currency text NOT NULL,
    changed_version bigint NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (cart_id, offer_id),
    CONSTRAINT cart_lines_quantity_check CHECK (quantity BETWEEN 1 AND 99)
);
"""

_ORDERS = """
CREATE TABLE orders (
    order_id text PRIMARY KEY,
    number text NOT NULL UNIQUE,
    buyer_id text NOT NULL,
    total bigint NOT NULL,
    currency text NOT NULL,
    shortages jsonb,
    placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT orders_total_check CHECK (total >= 0)
);
CREATE INDEX orders_buyer_id_order_id_idx ON orders (buyer_id, order_id);
CREATE TABLE order_addresses (
    order_id text PRIMARY KEY REFERENCES orders,
    name text NOT NULL,
    line1 text NOT NULL,
    line2 text,
    postal_code text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    phone text
);
CREATE TABLE seller_orders (
    seller_order_id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders,
    seller_id text NOT NULL,
    position bigint NOT NULL,
    total bigint NOT NULL,
    confirmed_at timestamptz,
    fulfilment text NOT NULL DEFAULT 'none',
    fulfilment_sequence bigint NOT NULL DEFAULT 0,
    CONSTRAINT seller_orders_total_check CHECK (total >= 0)
);
CREATE INDEX seller_orders_order_id_idx ON seller_orders (order_id);
CREATE INDEX seller_orders_seller_id_seller_order_id_idx ON seller_orders (seller_id, seller_order_id)
    WHERE confirmed_at IS NOT NULL;
CREATE TABLE order_lines (
    line_id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders,
    seller_order_id text NOT NULL REFERENCES seller_orders,
    position bigint NOT NULL,
    offer_id text NOT NULL,
    product_id text NOT NULL,
    variant_id text NOT NULL,
    sku text NOT NULL,
    category_id text NOT NULL,
    title_fr text NOT NULL,
    title_en text NOT NULL,
    variant_fr text NOT NULL,
    variant_en text NOT NULL,
    image_url text NOT NULL,
    quantity bigint NOT NULL,
    unit_price bigint NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT order_lines_amount_check CHECK (amount = unit_price * quantity AND quantity > 0)
);
CREATE INDEX order_lines_order_id_idx ON order_lines (order_id);
CREATE INDEX order_lines_seller_order_id_idx ON order_lines (seller_order_id);
"""

_SAGAS = """
CREATE TABLE sagas (
    order_id text PRIMARY KEY REFERENCES orders,
    state text NOT NULL,
    version bigint NOT NULL,
    repeats bigint NOT NULL DEFAULT 0,
    payment_attempt bigint NOT NULL DEFAULT 0,
    payment_method text NOT NULL,
    deadline_at timestamptz,
    cancel_reason text,
    decline_reason text,
    compensating_since timestamptz,
    order_sequence bigint NOT NULL DEFAULT 0,
    catalog_sequence bigint NOT NULL DEFAULT 0,
    payment_sequence bigint NOT NULL DEFAULT 0,
    correlation_id text NOT NULL,
    traceparent text,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);
CREATE INDEX sagas_deadline_at_idx ON sagas (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX sagas_compensating_since_idx ON sagas (compensating_since) WHERE compensating_since IS NOT NULL;
CREATE TABLE saga_log (
    order_id text NOT NULL REFERENCES orders,
    n bigint NOT NULL,
    from_state text,
    trigger text NOT NULL,
    event_id uuid,
    to_state text NOT NULL,
    does text[] NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (order_id, n)
);
"""

_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER saga_log_append_only BEFORE UPDATE OR DELETE ON saga_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Create everything."""
    for statements in (technical_tables(), _MARKET, _CARTS, _ORDERS, _SAGAS, _APPEND_ONLY):
        op.execute(statements)


def downgrade() -> None:
    """Not offered."""
    raise NotImplementedError("migrations go forward only; restore a backup to go back")

"""Categories, products, offers, stock, reservations, and the projection of sellers."""

from alembic import op

from chassis.schema import technical_tables

revision = "create_catalog"
down_revision = None
branch_labels = None
depends_on = None

CATALOGUE = """
CREATE TABLE categories (
    category_id text PRIMARY KEY,
    parent_id text REFERENCES categories,
    path text[] NOT NULL CHECK (path[cardinality(path)] = category_id),
    slug text NOT NULL UNIQUE,
    name_fr text NOT NULL,
    name_en text NOT NULL,
    position integer NOT NULL
);
CREATE INDEX categories_parent_id_idx ON categories (parent_id);

CREATE TABLE sellers (
    seller_id text PRIMARY KEY,
    handle text NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    sequence bigint NOT NULL
);

CREATE TABLE products (
    product_id text PRIMARY KEY,
    seller_id text NOT NULL REFERENCES sellers,
    category_id text NOT NULL REFERENCES categories,
    title_fr text NOT NULL,
    title_en text NOT NULL,
    description_fr text NOT NULL,
    description_en text NOT NULL,
    image_url text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX products_category_id_idx ON products (category_id);

-- Where an offered product is listed: on `all`, in each category of its path, with each seller. A page is one index range.
CREATE TABLE shelves (
    shelf_id text NOT NULL,
    created_at timestamptz NOT NULL,
    product_id text NOT NULL REFERENCES products,
    PRIMARY KEY (shelf_id, created_at, product_id)
);
CREATE INDEX shelves_product_id_idx ON shelves (product_id);

CREATE TABLE variants (
    variant_id text PRIMARY KEY,
    product_id text NOT NULL REFERENCES products,
    position smallint NOT NULL,
    sku text NOT NULL,
    label_fr text NOT NULL,
    label_en text NOT NULL,
    UNIQUE (product_id, sku)
);
"""

STOCK = """
CREATE TABLE offers (
    offer_id text PRIMARY KEY,
    product_id text NOT NULL REFERENCES products,
    variant_id text NOT NULL REFERENCES variants,
    seller_id text NOT NULL REFERENCES sellers,
    condition text NOT NULL CHECK (condition IN ('new', 'used', 'refurbished')),
    status text NOT NULL CHECK (status IN ('active', 'paused', 'closed')),
    price_minor bigint NOT NULL CHECK (price_minor > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    handling_days smallint NOT NULL CHECK (handling_days >= 0),
    on_hand bigint NOT NULL CHECK (on_hand >= 0),
    reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    sequence bigint NOT NULL DEFAULT 1,
    listed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT offers_reserved_on_hand_check CHECK (reserved <= on_hand)
);
CREATE UNIQUE INDEX offers_seller_variant_condition_key ON offers (seller_id, variant_id, condition)
    WHERE status <> 'closed';
CREATE INDEX offers_product_id_idx ON offers (product_id);
CREATE INDEX offers_variant_id_idx ON offers (variant_id);
CREATE INDEX offers_seller_id_idx ON offers (seller_id, listed_at, offer_id);

CREATE TABLE stock_movements (
    movement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    offer_id text NOT NULL REFERENCES offers,
    kind text NOT NULL CHECK (kind IN ('listed', 'adjusted', 'committed', 'restocked')),
    quantity bigint NOT NULL,
    order_id text,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX stock_movements_offer_id_idx ON stock_movements (offer_id);

CREATE TABLE reservations (
    order_id text PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('new', 'open', 'rejected', 'committed', 'expired', 'released')),
    sequence bigint NOT NULL DEFAULT 0,
    expires_at timestamptz,
    shortages jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX reservations_expires_at_idx ON reservations (expires_at) WHERE status = 'open';

CREATE TABLE reservation_lines (
    order_id text NOT NULL REFERENCES reservations,
    offer_id text NOT NULL REFERENCES offers,
    quantity bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, offer_id)
);
CREATE INDEX reservation_lines_offer_id_idx ON reservation_lines (offer_id);
"""

VIEWS = """
-- An offer as buyers see it: the state of its shop overrides the seller's own wish.
CREATE VIEW shop_offers AS
SELECT o.offer_id, o.product_id, o.variant_id, o.seller_id, o.condition, o.price_minor, o.currency, o.handling_days,
       o.on_hand, o.reserved, o.on_hand - o.reserved AS available, o.sequence, o.listed_at,
       CASE WHEN o.status = 'closed' OR s.status = 'closed' THEN 'closed'
            WHEN o.status = 'paused' OR s.status <> 'open' THEN 'paused'
            ELSE 'active' END AS status
FROM offers o JOIN sellers s USING (seller_id);

-- Everything that an offer-state event tells.
CREATE VIEW offer_states AS
SELECT o.*, v.sku, v.label_fr, v.label_en, p.title_fr, p.title_en, p.description_fr, p.description_en, p.image_url,
       p.category_id, c.path AS category_path
FROM shop_offers o
JOIN variants v USING (variant_id)
JOIN products p ON p.product_id = o.product_id
JOIN categories c USING (category_id);
"""


def upgrade() -> None:
    for statements in (technical_tables(), CATALOGUE, STOCK, VIEWS):
        op.execute(statements)

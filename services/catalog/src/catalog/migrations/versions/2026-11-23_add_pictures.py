"""Pictures and attributes of products, logos and banners of shops."""

from alembic import op

revision = "add_pictures"
down_revision = "create_catalog"

TABLES = """
ALTER TABLE products ADD COLUMN images jsonb NOT NULL DEFAULT '[]', ADD COLUMN attributes jsonb NOT NULL DEFAULT '[]';

CREATE TABLE media (
    media_id text PRIMARY KEY,
    seller_id text NOT NULL REFERENCES sellers,
    digest text NOT NULL,
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    widths integer[] NOT NULL CHECK (cardinality(widths) > 0),
    uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (seller_id, digest)
);

CREATE TABLE shop_pictures (
    seller_id text PRIMARY KEY REFERENCES sellers,
    logo jsonb,
    banner jsonb,
    sequence bigint NOT NULL DEFAULT 1
);
"""

VIEW = """
DROP VIEW offer_states;
-- Everything that an offer-state event tells.
CREATE VIEW offer_states AS
SELECT o.*, v.sku, v.label_fr, v.label_en, p.title_fr, p.title_en, p.description_fr, p.description_en, p.image_url,
       p.images -> 0 AS image, p.category_id, c.path AS category_path
FROM shop_offers o
JOIN variants v USING (variant_id)
JOIN products p ON p.product_id = o.product_id
JOIN categories c USING (category_id);
"""


def upgrade() -> None:
    for statements in (TABLES, VIEW):
        op.execute(statements)

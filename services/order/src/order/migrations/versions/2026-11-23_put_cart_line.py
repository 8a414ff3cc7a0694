"""Add-to-cart in one call: the hottest write of the platform costs one round trip beside begin and commit.

A function, not one statement with CTEs: its last statement sees what the first one's row lock waited for.
"""

from alembic import op

revision = "put_cart_line"
down_revision = "create_orders"
branch_labels = None
depends_on = None

_CART_CONTENTS = """
CREATE VIEW cart_contents AS
SELECT c.cart_id, c.account_id, c.token_hash, c.version, l.added_at, l.offer_id, l.quantity, l.seen_price, l.seen_currency,
       l.changed_version, o.product_id, o.variant_id, o.sku, o.category_id, o.seller_id, o.title_fr, o.title_en,
       o.variant_fr, o.variant_en, o.image_url, o.price, o.currency, o.available, o.status AS offer_status,
       s.status AS seller_status
FROM carts AS c
LEFT JOIN cart_lines AS l ON l.cart_id = c.cart_id
LEFT JOIN offers AS o ON o.offer_id = l.offer_id
LEFT JOIN sellers AS s ON s.seller_id = o.seller_id;
"""

_PUT_CART_LINE = """
CREATE FUNCTION put_cart_line(
    owner_account text, owner_token bytea, new_cart_id text, wanted_offer text, wanted_quantity bigint
) RETURNS SETOF cart_contents LANGUAGE plpgsql AS $$
DECLARE
    mine carts;
BEGIN
    IF owner_account IS NOT NULL THEN
        INSERT INTO carts AS c (cart_id, account_id, version) VALUES (new_cart_id, owner_account, 1)
        ON CONFLICT (account_id) DO UPDATE SET version = c.version + 1, updated_at = clock_timestamp()
        RETURNING * INTO mine;
    ELSE
        UPDATE carts AS c SET version = c.version + 1, updated_at = clock_timestamp()
        WHERE c.token_hash = owner_token RETURNING * INTO mine;
    END IF;
    INSERT INTO cart_lines (cart_id, offer_id, quantity, seen_price, seen_currency, changed_version)
    SELECT mine.cart_id, o.offer_id, wanted_quantity, o.price, o.currency, mine.version
    FROM offers AS o WHERE o.offer_id = wanted_offer AND mine.cart_id IS NOT NULL
    ON CONFLICT (cart_id, offer_id) DO UPDATE SET quantity = excluded.quantity, seen_price = excluded.seen_price,
        seen_currency = excluded.seen_currency, changed_version = excluded.changed_version;
    RETURN QUERY SELECT * FROM cart_contents AS v WHERE v.cart_id = mine.cart_id ORDER BY v.added_at, v.offer_id;
END $$;
"""


def upgrade() -> None:
    """Create the view of carts against the market, and the function."""
    op.execute(_CART_CONTENTS)
    op.execute(_PUT_CART_LINE)


def downgrade() -> None:
    """Not offered."""
    raise NotImplementedError("migrations go forward only; restore a backup to go back")

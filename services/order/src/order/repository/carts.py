"""Carts. An owner is an account's id or the hash of a guest's token; writing statements lock the cart's row first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.db import HotTransaction
from contracts.ids import new_id
from contracts.values import LocalText, Money
from order.domain.cart import Cart, CartLine


@dataclass(frozen=True, slots=True)
class Owner:
    """Who a cart belongs to: exactly one of the two is set."""

    account_id: str | None = None
    token_hash: bytes | None = None


def guest(token: str) -> Owner:
    """Owner of a guest's cart; only the hash of the token is stored."""
    return Owner(token_hash=hashlib.sha256(token.encode()).digest())


_MINE = "(c.account_id = %(account_id)s OR c.token_hash = %(token_hash)s)"
_TOUCH_ACCOUNT = """
INSERT INTO carts AS c (cart_id, account_id, version) VALUES (%(cart_id)s, %(account_id)s, 1)
ON CONFLICT (account_id) DO UPDATE SET version = c.version + 1, updated_at = clock_timestamp()
"""
_NEW_GUEST = "INSERT INTO carts (cart_id, token_hash, version) VALUES (%(cart_id)s, %(token_hash)s, 1)"
_PUT_LINE = """
SELECT * FROM put_cart_line(%(account_id)s, %(token_hash)s, %(cart_id)s, %(offer_id)s, %(quantity)s)
"""
_DROP_LINE = f"""
WITH gone AS (
    DELETE FROM cart_lines AS l USING carts AS c
    WHERE l.cart_id = c.cart_id AND {_MINE} AND l.offer_id = %(offer_id)s RETURNING l.cart_id
)
UPDATE carts AS c SET version = c.version + 1, updated_at = clock_timestamp() FROM gone WHERE c.cart_id = gone.cart_id
"""  # noqa: S608
_READ = """
SELECT * FROM cart_contents WHERE account_id = %(account_id)s OR token_hash = %(token_hash)s ORDER BY added_at, offer_id
"""
_LOCK = f"SELECT c.cart_id FROM carts AS c WHERE {_MINE} FOR UPDATE"  # noqa: S608
_SHOW_PRICES = f"""
WITH stale AS (
    SELECT l.cart_id, l.offer_id, o.price, o.currency FROM carts AS c
    JOIN cart_lines AS l ON l.cart_id = c.cart_id JOIN offers AS o ON o.offer_id = l.offer_id
    WHERE {_MINE} AND (l.seen_price, l.seen_currency) <> (o.price, o.currency)
), bumped AS (
    UPDATE carts AS c SET version = c.version + 1 FROM (SELECT DISTINCT cart_id FROM stale) AS s
    WHERE c.cart_id = s.cart_id RETURNING c.cart_id, c.version
)
UPDATE cart_lines AS l SET seen_price = stale.price, seen_currency = stale.currency, changed_version = bumped.version
FROM stale JOIN bumped USING (cart_id) WHERE l.cart_id = stale.cart_id AND l.offer_id = stale.offer_id
"""  # noqa: S608
_PUT_LINES = f"""
INSERT INTO cart_lines (cart_id, offer_id, quantity, seen_price, seen_currency, changed_version)
SELECT c.cart_id, n.offer_id, n.quantity, n.price, n.currency, c.version
FROM carts AS c, unnest(%(offers)s::text[], %(quantities)s::bigint[], %(prices)s::bigint[], %(currencies)s::text[])
    WITH ORDINALITY AS n (offer_id, quantity, price, currency, place)
WHERE {_MINE} ORDER BY n.place
ON CONFLICT (cart_id, offer_id) DO UPDATE SET quantity = excluded.quantity, changed_version = excluded.changed_version
"""  # noqa: S608
_EMPTY = f"""
WITH mine AS (
    UPDATE carts AS c SET version = c.version + 1, updated_at = clock_timestamp() WHERE {_MINE} RETURNING c.cart_id
)
DELETE FROM cart_lines AS l USING mine WHERE l.cart_id = mine.cart_id
"""  # noqa: S608
_RESTORE = """
WITH back AS (
    SELECT o.buyer_id, l.offer_id, l.quantity, l.unit_price, o.currency
    FROM orders AS o JOIN order_lines AS l USING (order_id) WHERE o.order_id = ANY(%s)
), locked AS (
    SELECT cart_id, account_id FROM carts WHERE account_id IN (SELECT buyer_id FROM back) ORDER BY cart_id FOR UPDATE
), bumped AS (
    UPDATE carts AS c SET version = c.version + 1, updated_at = clock_timestamp() FROM locked
    WHERE c.cart_id = locked.cart_id RETURNING c.cart_id, c.account_id, c.version
)
INSERT INTO cart_lines (cart_id, offer_id, quantity, seen_price, seen_currency, changed_version)
SELECT b.cart_id, back.offer_id, back.quantity, back.unit_price, back.currency, b.version
FROM back JOIN bumped AS b ON b.account_id = back.buyer_id
ON CONFLICT (cart_id, offer_id) DO NOTHING
"""
_DROP_IDLE = """
DELETE FROM carts WHERE cart_id IN (
    SELECT cart_id FROM carts WHERE token_hash IS NOT NULL AND updated_at < statement_timestamp() - make_interval(days => %s)
    ORDER BY updated_at LIMIT 500 FOR UPDATE SKIP LOCKED
)
"""


async def put_line(tx: HotTransaction, owner: Owner, *, offer_id: str, quantity: int, currency: str) -> Cart:
    """Set the line and read the cart, in one call of the function that the migration ``put_cart_line`` explains.

    An account's cart is made when missing, a guest's is not.
    """
    params = {**_params(owner), "cart_id": new_id("crt"), "offer_id": offer_id, "quantity": quantity}
    return _cart(await tx.rows(_PUT_LINE, params), currency)


async def make_guest(tx: HotTransaction, owner: Owner) -> None:
    """A new, empty guest cart."""
    await tx.execute(_NEW_GUEST, {**_params(owner), "cart_id": new_id("crt")})


async def drop_line(tx: HotTransaction, owner: Owner, offer_id: str, *, currency: str) -> Cart:
    """Take the line out, if it is there."""
    params = {**_params(owner), "offer_id": offer_id}
    async with tx.pipeline():
        await tx.execute(_LOCK, params)
        await tx.execute(_DROP_LINE, params)
        cursor = await tx.execute(_READ, params)
    return _cart(await cursor.fetchall(), currency)


async def read(tx: HotTransaction, owner: Owner, *, currency: str) -> Cart:
    """The cart against today's market; an empty one at version 0 when the owner has none."""
    return _cart(await tx.rows(_READ, _params(owner)), currency)


async def read_locked(tx: HotTransaction, owner: Owner, *, currency: str) -> Cart:
    """The same, holding the cart's row until the commit."""
    params = _params(owner)
    async with tx.pipeline():
        await tx.execute(_LOCK, params)
        cursor = await tx.execute(_READ, params)
    return _cart(await cursor.fetchall(), currency)


async def show_prices(tx: HotTransaction, owner: Owner) -> None:
    """Remember that the owner is shown today's prices; raises the version when one had changed."""
    params = _params(owner)
    async with tx.pipeline():
        await tx.execute(_LOCK, params)
        await tx.execute(_SHOW_PRICES, params)


async def merge_lines(tx: HotTransaction, owner: Owner, lines: Sequence[CartLine]) -> None:
    """Set the quantities of ``lines`` in an account's cart, made when missing; prices that the guest saw are kept as seen."""
    params = {
        **_params(owner),
        "cart_id": new_id("crt"),
        "offers": [line.offer_id for line in lines],
        "quantities": [line.quantity for line in lines],
        "prices": [line.seen_price.amount for line in lines],
        "currencies": [line.seen_price.currency for line in lines],
    }
    async with tx.pipeline():
        await tx.execute(_TOUCH_ACCOUNT, params)
        await tx.execute(_PUT_LINES, params)


async def delete(tx: HotTransaction, cart_id: str) -> None:
    await tx.execute("DELETE FROM carts WHERE cart_id = %s", (cart_id,))


async def empty(tx: HotTransaction, owner: Owner) -> None:
    """Drop all lines; the cart and its version stay."""
    await tx.execute(_EMPTY, _params(owner))


async def restore(tx: HotTransaction, order_ids: Sequence[str]) -> None:
    """Put the lines of cancelled orders back into their buyers' carts, beside what was put there meanwhile."""
    await tx.execute(_RESTORE, (list(order_ids),))


async def drop_idle_guests(tx: HotTransaction, *, days: int) -> int:
    """Forget guest carts that nobody touched for ``days``; how many."""
    return await tx.count(_DROP_IDLE, (days,))


def _params(owner: Owner) -> dict[str, Any]:
    return {"account_id": owner.account_id, "token_hash": owner.token_hash}


def _cart(rows: Sequence[dict[str, Any]], currency: str) -> Cart:
    if not rows:
        return Cart(cart_id=None, version=0, currency=currency, lines=())
    lines = tuple(_line(row) for row in rows if row["product_id"] is not None)
    return Cart(cart_id=rows[0]["cart_id"], version=rows[0]["version"], currency=currency, lines=lines)


def _line(row: dict[str, Any]) -> CartLine:
    return CartLine(
        offer_id=row["offer_id"],
        product_id=row["product_id"],
        variant_id=row["variant_id"],
        sku=row["sku"],
        category_id=row["category_id"],
        seller_id=row["seller_id"],
        title=LocalText(fr=row["title_fr"], en=row["title_en"]),
        variant=LocalText(fr=row["variant_fr"], en=row["variant_en"]),
        image_url=row["image_url"],
        quantity=row["quantity"],
        unit_price=Money(amount=row["price"], currency=row["currency"]),
        seen_price=Money(amount=row["seen_price"], currency=row["seen_currency"]),
        available=row["available"],
        offer_status=row["offer_status"],
        # catalog sells only for shops that identity opened; a shop that we have not heard of yet is one of those.
        seller_status=row["seller_status"] or "open",
        changed_version=row["changed_version"],
    )

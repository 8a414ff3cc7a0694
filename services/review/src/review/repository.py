"""Every statement of review."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.db import HotTransaction
from review.domain import Rating

_ALLOW = """
INSERT INTO reviewable_lines (line_id, order_id, buyer_id, seller_id, product_id, delivered_at)
SELECT * FROM unnest(%(line)s::text[], %(order)s::text[], %(buyer)s::text[], %(seller)s::text[], %(product)s::text[], %(at)s::timestamptz[])
ON CONFLICT (line_id) DO NOTHING
"""
_PUBLISH = """
INSERT INTO reviews (review_id, line_id, product_id, seller_id, author_id, rating, title, text, locale, published_at)
VALUES (%(review_id)s, %(line_id)s, %(product_id)s, %(seller_id)s, %(author_id)s, %(rating)s, %(title)s, %(text)s, %(locale)s, %(at)s)
"""
_RATE = """
INSERT INTO ratings (subject_id, kind, points_1, points_2, points_3, points_4, points_5, sequence)
SELECT subject, kind, (%(rating)s = 1)::int, (%(rating)s = 2)::int, (%(rating)s = 3)::int, (%(rating)s = 4)::int, (%(rating)s = 5)::int, 1
FROM unnest(%(subjects)s::text[], %(kinds)s::text[]) AS given (subject, kind) ORDER BY subject
ON CONFLICT (subject_id) DO UPDATE SET
    points_1 = ratings.points_1 + excluded.points_1, points_2 = ratings.points_2 + excluded.points_2,
    points_3 = ratings.points_3 + excluded.points_3, points_4 = ratings.points_4 + excluded.points_4,
    points_5 = ratings.points_5 + excluded.points_5, sequence = ratings.sequence + 1
RETURNING *
"""
_LIST = """
SELECT review_id, rating, title, text, locale, published_at FROM reviews WHERE product_id = %(product)s
AND (published_at, review_id) < (coalesce(%(before)s::timestamptz, 'infinity'), %(id)s)
ORDER BY published_at DESC, review_id DESC LIMIT %(limit)s
"""
_RATINGS = "SELECT * FROM ratings WHERE subject_id = ANY(%s)"
_REVIEWABLE = """
SELECT line_id, product_id, order_id, seller_id, delivered_at FROM reviewable_lines
WHERE buyer_id = %s AND reviewed_at IS NULL ORDER BY delivered_at DESC, line_id LIMIT 100
"""


async def allow_reviews(tx: HotTransaction, lines: Sequence[dict[str, Any]]) -> None:
    """Give the right to review; a line that has it keeps what is known."""
    columns = {name: [line[name] for line in lines] for name in ("line", "order", "buyer", "seller", "product", "at")}
    await tx.execute(_ALLOW, columns)


async def lock_line(tx: HotTransaction, *, line_id: str, buyer_id: str) -> dict[str, Any] | None:
    """The buyer's own delivered line, locked."""
    return await tx.row(
        "SELECT * FROM reviewable_lines WHERE line_id = %s AND buyer_id = %s FOR UPDATE", (line_id, buyer_id)
    )


async def publish(tx: HotTransaction, review: dict[str, Any]) -> None:
    await tx.execute(_PUBLISH, review)
    await tx.execute("UPDATE reviewable_lines SET reviewed_at = %(at)s WHERE line_id = %(line_id)s", review)


async def add_rating(tx: HotTransaction, *, rating: int, product_id: str, seller_id: str) -> list[dict[str, Any]]:
    """Count one more rating for product and seller; returns both rows as they are now."""
    subjects, kinds = [product_id, seller_id], ["product", "seller"]
    return await tx.rows(_RATE, {"rating": rating, "subjects": subjects, "kinds": kinds})


async def rating_and_reviews(
    tx: HotTransaction, *, product_id: str, before: datetime | None, before_id: str, limit: int
) -> tuple[Rating | None, list[dict[str, Any]]]:
    """The product's rating and its reviews, newest first."""
    async with tx.pipeline():
        rating = await tx.execute(_RATINGS, ([product_id],))
        reviews = await tx.execute(_LIST, {"product": product_id, "before": before, "id": before_id, "limit": limit})
    row = await rating.fetchone()
    return rating_of(row) if row else None, await reviews.fetchall()


async def list_reviewable(tx: HotTransaction, *, buyer_id: str) -> list[dict[str, Any]]:
    return await tx.rows(_REVIEWABLE, (buyer_id,))


async def list_ratings(tx: HotTransaction, *, subject_ids: Sequence[str]) -> dict[str, Rating]:
    """Ratings of those subjects that have one."""
    rows = await tx.rows(_RATINGS, (list(subject_ids),))
    return {row["subject_id"]: rating_of(row) for row in rows}


async def all_ratings(tx: HotTransaction) -> list[dict[str, Any]]:
    return await tx.rows("SELECT * FROM ratings ORDER BY subject_id")


def rating_of(row: dict[str, Any]) -> Rating:
    return Rating((row["points_1"], row["points_2"], row["points_3"], row["points_4"], row["points_5"]))

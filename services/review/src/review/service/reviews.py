"""Publishing a review, and the rights to do so."""

from collections.abc import Sequence
from typing import Any

from chassis import outbox
from chassis.clock import Clock
from chassis.db import HotTransaction
from contracts.ids import new_id
from contracts.logistics import ShipmentDelivered
from contracts.review import RatingState, ReviewPublished
from review import repository
from review.domain import AlreadyReviewed, NothingToReview


async def open_reviews(tx: HotTransaction, deliveries: Sequence[ShipmentDelivered]) -> None:
    """Delivered lines may be reviewed by their buyer."""
    lines = [
        {
            "line": line.line_id,
            "order": delivery.order_id,
            "buyer": delivery.buyer_id,
            "seller": delivery.seller_id,
            "product": line.product_id,
            "at": delivery.delivered_at,
        }
        for delivery in deliveries
        for line in delivery.lines
    ]
    if lines:
        await repository.allow_reviews(tx, lines)


async def publish_review(
    tx: HotTransaction, *, author_id: str, line_id: str, rating: int, title: str, text: str, locale: str, clock: Clock
) -> dict[str, Any]:
    """Publish the author's one review of a delivered line; raises ``NothingToReview`` or ``AlreadyReviewed``."""
    line = await repository.lock_line(tx, line_id=line_id, buyer_id=author_id)
    if line is None:
        raise NothingToReview("You can review what you bought once it is delivered.")
    if line["reviewed_at"] is not None:
        raise AlreadyReviewed("Each delivered item can be reviewed once.")
    review = {
        "review_id": new_id("rev"),
        "line_id": line_id,
        "product_id": line["product_id"],
        "seller_id": line["seller_id"],
        "author_id": author_id,
        "rating": rating,
        "title": title,
        "text": text,
        "locale": locale,
        "at": clock(),
    }
    await repository.publish(tx, review)
    await _tell(tx, review, order_id=line["order_id"])
    return review


async def _tell(tx: HotTransaction, review: dict[str, Any], *, order_id: str) -> None:
    fields = ("review_id", "product_id", "seller_id", "line_id", "author_id", "rating")
    known = {name: review[name] for name in fields}
    published = ReviewPublished(**known, order_id=order_id, has_text=bool(review["text"]))
    outbox.add(tx, published, subject=published.review_id, sequence=1)
    seller_id = published.seller_id
    for row in await repository.add_rating(
        tx, rating=published.rating, product_id=published.product_id, seller_id=seller_id
    ):
        tell_rating(tx, row)


def tell_rating(tx: HotTransaction, row: dict[str, Any], *, replay: bool = False) -> None:
    """Emit the full state of one rating."""
    rating = repository.rating_of(row)
    state = RatingState(subject_id=row["subject_id"], kind=row["kind"], count=rating.count, total=rating.total)
    outbox.add(tx, state, subject=row["subject_id"], sequence=row["sequence"], replay=replay)

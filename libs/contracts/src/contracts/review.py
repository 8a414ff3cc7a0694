"""What review publishes. Reviews are keyed by their id, ratings by what is rated."""

from contracts.event import Event
from contracts.values import Code, Count, Flag, PersonRef, Ref

REVIEW = "review.review.v1"
RATING = "review.rating.v1"


class ReviewPublished(Event, topic=REVIEW, type="review.review-published.v1"):
    """A buyer reviewed a delivered line. The text stays with review."""

    review_id: Ref
    product_id: Ref
    seller_id: Ref
    order_id: Ref
    line_id: Ref
    author_id: PersonRef
    rating: Count
    has_text: Flag


class RatingState(Event, topic=RATING, type="review.rating-state.v1"):
    """All ratings of one product or seller. ``kind``: ``product`` | ``seller``. ``total`` = sum of 1–5 points over ``count`` reviews."""

    subject_id: Ref
    kind: Code
    count: Count
    total: Count


EVENTS = (ReviewPublished, RatingState)

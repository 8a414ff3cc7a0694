"""A new review, for the shop that sold the thing."""

from contracts.event import Event
from contracts.review import ReviewPublished
from messaging.domain.message import Notice, Reaction


def react(event: Event) -> Reaction:
    match event:
        case ReviewPublished():
            notice = Notice(
                key=f"review:{event.review_id}",
                kind="review-received",
                audience_id=event.seller_id,
                link=f"/products/{event.product_id}",
                details={"rating": event.rating},
            )
            return Reaction(notices=(notice,))
        case _:
            return Reaction()

"""Reviews and ratings over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.clock import Clock
from chassis.db import Database
from edge import cursor, idempotency
from edge.auth import Principal, allow, anyone
from edge.idempotency import IdempotencyKey
from review import repository
from review.api.schemas import (
    RatingAnswer,
    RatingList,
    ReviewableAnswer,
    ReviewableList,
    ReviewAnswer,
    ReviewList,
    ReviewRequest,
)
from review.domain import Rating
from review.service.reviews import publish_review

NONE = Rating((0, 0, 0, 0, 0))
Limit = Annotated[int, Query(ge=1, le=100)]


def router(db: Database, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["reviews"])

    @routes.post("/reviews", status_code=201, response_model=ReviewAnswer)
    async def publish(
        request: ReviewRequest,
        principal: Annotated[Principal, allow("buyer")],
        key: Annotated[IdempotencyKey, idempotency.required()],
    ) -> Response:
        """Review a delivered line of one's own order, once."""
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, principal):
                return replayed
            review = await publish_review(tx, author_id=principal.subject, **request.model_dump(), clock=clock)
            answer = ReviewAnswer(**{**review, "published_at": review["at"]})
            return await key.store(tx, principal, 201, answer.model_dump_json().encode())

    @routes.get("/me/reviewable")
    async def reviewable(principal: Annotated[Principal, allow("buyer")]) -> ReviewableList:
        """Delivered lines that wait for the caller's review."""
        async with db.reading() as tx:
            rows = await repository.list_reviewable(tx, buyer_id=principal.subject)
        return ReviewableList(items=[ReviewableAnswer(**row) for row in rows])

    @routes.get("/products/{product_id}/reviews")
    async def of_product(
        product_id: str,
        _: Annotated[Principal, anyone()],
        after: Annotated[str | None, Query(alias="cursor")] = None,
        limit: Limit = 20,
    ) -> ReviewList:
        """Reviews of a product, newest first, with its rating."""
        return await reviews_of(db, product_id, after=after, limit=limit)

    @routes.get("/ratings")
    async def ratings(ids: Annotated[str, Query(max_length=7000)], _: Annotated[Principal, anyone()]) -> RatingList:
        """Ratings of up to 100 products or sellers, ids separated by commas."""
        return await ratings_of(db, ids)

    return routes


async def reviews_of(db: Database, product_id: str, *, after: str | None, limit: int) -> ReviewList:
    """A page of a product's reviews, in one round trip with its rating."""
    place = cursor.decode(after, parts=2)
    moment, last = (datetime.fromisoformat(place[0]), place[1]) if place else (None, "")
    async with db.reading() as tx:
        rating, rows = await repository.rating_and_reviews(
            tx, product_id=product_id, before=moment, before_id=last, limit=limit
        )
    more = len(rows) == limit
    following = cursor.encode(rows[-1]["published_at"].isoformat(), rows[-1]["review_id"]) if more else None
    return ReviewList(
        rating=RatingAnswer.of(rating or NONE), items=[ReviewAnswer(**row) for row in rows], next=following
    )


async def ratings_of(db: Database, ids: str) -> RatingList:
    """Ratings of the first hundred of these ids, separated by commas."""
    async with db.reading() as tx:
        found = await repository.list_ratings(tx, subject_ids=ids.split(",")[:100])
    return RatingList(items={subject: RatingAnswer.of(rating) for subject, rating in found.items()})

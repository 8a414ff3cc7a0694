"""The questions that every list and every product page ask, in their plain shape (see ``edge.hot``)."""

from chassis.db import Database
from edge.auth import Guard, Principal
from edge.hot import Answer, HotRoute, Question, to_json
from review.api.reviews import ratings_of, reviews_of

_ANYBODY = Guard()
_LONGEST_IDS = 7000
_MOST_REVIEWS = 100


def routes(db: Database) -> list[HotRoute]:
    """In front of the routes of ``reviews`` with the same paths."""
    return [
        HotRoute(method="GET", path="/v1/ratings", guard=_ANYBODY, parameters=frozenset({"ids"}), answer=_ratings(db)),
        HotRoute(
            method="GET",
            path="/v1/products/{product_id}/reviews",
            guard=_ANYBODY,
            parameters=frozenset({"limit"}),
            answer=_reviews(db),
        ),
    ]


def _ratings(db: Database) -> Answer:
    async def answer(question: Question, _: Principal) -> bytes | None:
        ids = question.query.get("ids")
        if ids is None or len(ids) > _LONGEST_IDS:
            return None
        return to_json(await ratings_of(db, ids))

    return answer


def _reviews(db: Database) -> Answer:
    async def answer(question: Question, _: Principal) -> bytes | None:
        limit = question.query.get("limit", "20")
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= _MOST_REVIEWS):
            return None
        return to_json(await reviews_of(db, question.path_id, after=None, limit=int(limit)))

    return answer

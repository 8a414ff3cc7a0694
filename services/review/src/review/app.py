"""The wiring of review."""

from collections.abc import Sequence

from chassis.clock import utc_now
from chassis.db import Database
from edge.http import create_api
from review import repository
from review.api import hot, reviews
from review.consumers import subscriptions
from review.service.reviews import tell_rating
from review.settings import Settings
from runtime.answers import dry_run, show
from runtime.run import Service


def build(settings: Settings) -> Service:
    db = Database(settings.database_url.get_secret_value(), name="review", pool_size=settings.pool_size)
    api = create_api("review", routers=[reviews.router(db, utc_now)], settings=settings, db=db, hot=hot.routes(db))
    return Service(
        name="review",
        settings=settings,
        api=api,
        db=db,
        subscriptions=subscriptions(),
        commands={"republish": republish},
    )


async def republish(service: Service, arguments: Sequence[str]) -> None:
    """Emit every rating's state again, for projections that are rebuilt."""
    if service.db is None:
        raise RuntimeError("review has a database")
    is_dry = dry_run("republish", arguments)
    async with service.db.hot_transaction() as tx:
        ratings = await repository.all_ratings(tx)
        for row in () if is_dry else ratings:
            tell_rating(tx, row, replay=True)
    show({"service": "review", "would_republish" if is_dry else "republished": len(ratings)})

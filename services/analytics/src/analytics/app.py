"""The wiring of analytics."""

from collections.abc import Sequence
from datetime import timedelta

from analytics.adapters.broker import consumer_figures
from analytics.api import figures, pipeline
from analytics.consumers import subscription
from analytics.ports import GroupFigures
from analytics.rebuild import rebuild
from analytics.repository import forget_visits
from analytics.settings import Settings
from chassis.clock import utc_now
from chassis.db import Database
from edge.http import create_api
from runtime.loops import Loop
from runtime.run import Service

VISITS_KEPT = timedelta(days=90)


def build(settings: Settings) -> Service:
    db = Database(settings.database_url.get_secret_value(), name="analytics", pool_size=settings.pool_size)

    async def ask_broker() -> Sequence[GroupFigures]:
        return await consumer_figures(settings.kafka_brokers)

    async def forget_old_visits() -> bool:
        async with db.hot_transaction() as tx:
            await forget_visits(tx, before=utc_now().date() - VISITS_KEPT)
        return False

    return Service(
        name="analytics",
        settings=settings,
        api=create_api(
            "analytics", routers=[figures.router(db, utc_now), pipeline.router(ask_broker)], settings=settings, db=db
        ),
        db=db,
        subscriptions=[subscription(settings.market_timezone)],
        loops=[Loop("visits", forget_old_visits, seconds=3600.0)],
        commands={"rebuild": rebuild},
    )

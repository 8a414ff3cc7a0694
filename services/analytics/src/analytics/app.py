"""The wiring of analytics."""

from analytics.api import figures
from analytics.consumers import subscription
from analytics.rebuild import rebuild
from analytics.settings import Settings
from chassis.clock import utc_now
from chassis.db import Database
from edge.http import create_api
from runtime.run import Service


def build(settings: Settings) -> Service:
    db = Database(settings.database_url.get_secret_value(), name="analytics", pool_size=settings.pool_size)
    return Service(
        name="analytics",
        settings=settings,
        api=create_api("analytics", routers=[figures.router(db, utc_now)], settings=settings, db=db),
        db=db,
        subscriptions=[subscription(settings.market_timezone)],
        commands={"rebuild": rebuild},
    )

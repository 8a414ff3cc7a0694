"""The wiring of this service: every piece is named here."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter

from chassis.clock import utc_now
from chassis.db import Database
from edge.http import create_api
from order.api import carts, checkouts, hot, orders, seller_orders
from order.consumers.subscriptions import subscriptions
from order.repository.carts import drop_idle_guests
from order.saga import deadlines
from order.saga.table import Patience
from order.settings import Settings
from runtime.loops import Loop
from runtime.run import Service


def build(settings: Settings) -> Service:
    """Carts, checkouts and orders over one database."""
    db = Database(settings.database_url.get_secret_value(), name="order", pool_size=settings.pool_size)
    patience = patience_of(settings)
    return Service(
        name="order",
        settings=settings,
        db=db,
        api=create_api(
            "order",
            routers=_routers(db, settings, patience),
            settings=settings,
            db=db,
            hot=hot.routes(db, settings.currency),
        ),
        subscriptions=subscriptions(patience),
        loops=[
            Loop("deadlines", deadlines.sweep(db, patience), seconds=1.0),
            Loop("compensations", deadlines.watch(db, patience), seconds=30.0),
            Loop("guest-carts", _forget_guests(db, settings.guest_cart_days), seconds=600.0),
        ],
    )


def patience_of(settings: Settings) -> Patience:
    """The saga's durations as configured."""
    return Patience(
        reserving_seconds=settings.reserving_seconds,
        payment_seconds=settings.payment_seconds,
        hold_seconds=settings.hold_seconds,
        resend_seconds=settings.resend_seconds,
        longest_pause_seconds=settings.longest_pause_seconds,
        alarm_seconds=settings.alarm_seconds,
    )


def _routers(db: Database, settings: Settings, patience: Patience) -> list[APIRouter]:
    return [
        carts.router(db, settings.currency),
        checkouts.router(db, settings.currency, patience=patience, clock=utc_now),
        orders.router(db),
        seller_orders.router(db),
    ]


def _forget_guests(db: Database, days: int) -> Callable[[], Awaitable[bool]]:
    async def work() -> bool:
        async with db.hot_transaction() as tx:
            return await drop_idle_guests(tx, days=days) > 0

    return work

"""The wiring of this service: every piece is named here."""

from chassis.clock import utc_now
from chassis.db import Database
from edge.http import create_api
from logistics.adapters.http_carrier import HttpCarrier
from logistics.api import callbacks, shipments
from logistics.consumers import SUBSCRIPTION
from logistics.service.shipping import Registrar
from logistics.settings import Settings
from runtime.loops import Loop
from runtime.run import Service


def build(settings: Settings) -> Service:
    """Shipments over one database and one carrier."""
    db = Database(settings.database_url.get_secret_value(), name="logistics", pool_size=settings.pool_size)
    carrier = HttpCarrier(settings.carrier_address)
    registrar = Registrar(db, carrier)
    routers = [
        shipments.router(db, registrar),
        callbacks.router(db, secret=settings.carrier_secret.get_secret_value(), clock=utc_now),
    ]
    return Service(
        name="logistics",
        settings=settings,
        db=db,
        api=create_api("logistics", routers=routers, settings=settings, db=db),
        subscriptions=[SUBSCRIPTION],
        loops=[Loop("registrations", registrar.work, seconds=5.0)],
        resources=[carrier],
    )

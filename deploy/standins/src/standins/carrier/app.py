"""Putting the carrier stand-in together."""

import time

from standins.carrier.auto_advance import AutoAdvance
from standins.carrier.routes import CarrierRoutes
from standins.carrier.settings import read_settings
from standins.carrier.store import SCHEMA, ParcelBook
from standins.database import open_database
from standins.outbound.queue import SCHEMA as QUEUE_SCHEMA
from standins.outbound.queue import DeliveryQueue, RetryPolicy
from standins.outbound.sender import Sender
from standins.server import HttpPort, Standin
from standins.settings import Environment


def carrier_standin(environment: Environment) -> Standin:
    """Build the stand-in from the environment."""
    settings = read_settings(environment)
    connection = open_database(settings.data, SCHEMA + QUEUE_SCHEMA)
    queue = DeliveryQueue(connection, RetryPolicy(first_gap=settings.first_retry_gap))
    sender = Sender(queue, header="Carrier-Signature", target=lambda _: settings.callback, clock=time.time)
    parcels = ParcelBook(connection, queue, has_callback=settings.callback is not None)
    advance = AutoAdvance(parcels, seconds=settings.auto_advance_seconds, moved=sender.wake)
    routes = CarrierRoutes(parcels, sender, queue=queue, settings=settings)
    return Standin(
        name="carrier",
        http=HttpPort(settings.port, "STANDIN_CARRIER_PORT", routes.app(), settings.host),
        on_start=(sender.start, advance.start),
        on_stop=(advance.stop, sender.stop),
    )

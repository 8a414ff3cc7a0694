"""Putting the Stripe stand-in together."""

import sqlite3
from importlib.resources import files

from standins.database import open_database
from standins.outbound.queue import SCHEMA as QUEUE_SCHEMA
from standins.outbound.queue import DeliveryQueue, RetryPolicy
from standins.outbound.sender import Sender, Target
from standins.server import Hook, HttpPort, Standin
from standins.settings import Environment
from standins.stripe.api import StripeApi, api_or_pages
from standins.stripe.clock import VirtualClock
from standins.stripe.control.routes import Control
from standins.stripe.events import EventOutbox
from standins.stripe.faults import FaultRules
from standins.stripe.idempotency import IdempotencyKeys
from standins.stripe.jobs import Timetable
from standins.stripe.operations import build_router
from standins.stripe.pages.app import pages_app
from standins.stripe.settings import StripeSettings, read_settings
from standins.stripe.unit import World


def stripe_standin(environment: Environment) -> Standin:
    """Build the stand-in from the environment."""
    return build(read_settings(environment))


def build(settings: StripeSettings) -> Standin:
    """Build the stand-in: one database, one API, one sender of webhooks, one timetable."""
    connection = open_database(settings.data, read_schema() + QUEUE_SCHEMA)
    clock = VirtualClock(connection)
    faults = FaultRules(connection)
    queue = DeliveryQueue(connection, RetryPolicy(first_gap=settings.first_retry_gap))
    targets = _targets(settings)
    sender = Sender(queue, header="Stripe-Signature", target=targets.get, clock=clock.now)
    outbox = EventOutbox(queue, faults=faults, targets=frozenset(targets), platform_events=settings.platform_events)
    world = World(connection, clock, settings=settings, outbox=outbox)
    timetable = Timetable(world)
    world.on_change(sender.wake, timetable.wake)
    IdempotencyKeys(connection).forget_old(clock.now())
    control = Control(world, faults, queue=queue)
    app = api_or_pages(StripeApi(world, build_router(), faults=faults), pages_app(world, control=control, queue=queue))
    return Standin(
        name="stripe",
        http=HttpPort(settings.port, "STANDIN_STRIPE_PORT", app, settings.host),
        on_start=(sender.start, timetable.start),
        on_stop=(sender.stop, timetable.stop, _closer(connection)),
    )


def read_schema() -> str:
    """Return the SQL of the stand-in's own tables."""
    return files("standins.stripe").joinpath("schema.sql").read_text()


def _targets(settings: StripeSettings) -> dict[str, Target]:
    found = {
        "platform": settings.platform_target,
        "connect": settings.connect_target,
        "thin": settings.thin_target,
    }
    return {name: target for name, target in found.items() if target is not None}


def _closer(connection: sqlite3.Connection) -> Hook:
    async def close() -> None:
        connection.close()

    return close

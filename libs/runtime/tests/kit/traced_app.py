"""A service as every other: a route that asks a neighbour and tells about it, and a consumer of what was told."""

import sys
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic_settings import SettingsConfigDict
from spine_kit import Ticked

from chassis import outbox
from chassis.consume import Received, Subscription
from chassis.db import Database, HotTransaction
from chassis.settings import ServiceSettings
from contracts.registry import BY_TYPE, MAJORS
from edge.auth import unauthenticated
from edge.client import ClientKey, ServiceClient
from edge.http import create_api
from runtime.run import Service, main

_INTO_OUTBOX = "SELECT count(*) + 1 AS sequence FROM effects WHERE key = %s"


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SPINE_")

    topic: str
    group: str
    neighbour: str


def build(settings: Settings) -> Service:
    Ticked.topic = settings.topic
    BY_TYPE[Ticked.type], MAJORS["spine.ticked"] = Ticked, frozenset({1})
    db = Database(settings.database_url.get_secret_value(), name="traced-app")
    neighbour = ServiceClient(
        key=ClientKey("traced", settings.client_key_file),
        upstream="neighbour",
        base_url=settings.neighbour,
        identity_url=settings.identity_url,
    )
    router = APIRouter(dependencies=[unauthenticated("a test on loopback")])

    @router.post("/v1/ticks/{key}")
    async def tick(key: str) -> list[str]:
        """Answers what of telemetry this process has imported."""
        await neighbour.request("POST", "/asked", json={"key": key})
        async with db.hot_transaction() as tx:
            row: Any = await tx.row(_INTO_OUTBOX, (key,))
            outbox.add(tx, Ticked(key=key, value=1), subject=key, sequence=row["sequence"])
        return [
            name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "google"))
        ]

    async def handle(tx: HotTransaction, batch: Sequence[Received]) -> None:
        """The first event of a key causes a second."""
        for event in batch:
            assert isinstance(event.data, Ticked)
            await tx.execute("INSERT INTO effects (key, value) VALUES (%s, %s)", (event.data.key, event.data.value))
            if event.data.value == 1:
                outbox.add(tx, Ticked(key=event.data.key, value=2), subject=event.data.key, sequence=2)

    return Service(
        name="traced",
        settings=settings,
        db=db,
        api=create_api("traced", routers=[router], settings=settings, db=db),
        subscriptions=[Subscription(group=settings.group, handlers={settings.topic: handle})],
        resources=[neighbour],
    )


if __name__ == "__main__":
    main("traced", Settings, build)

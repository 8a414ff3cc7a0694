"""A whole little service made of the real parts: ``python -m spine_app serve | relay | worker | dlq … | parked …``.

Each event adds a row to ``effects``, which has no key of its own: processed twice is seen at once.
"""

from collections.abc import Sequence

from pydantic_settings import SettingsConfigDict
from spine_kit import Ticked, store

from chassis.consume import Received, Subscription
from chassis.db import Database, HotTransaction
from chassis.settings import ServiceSettings
from contracts.registry import BY_TYPE, MAJORS
from edge.http import create_api
from runtime.run import Service, main


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SPINE_")

    topic: str
    group: str
    broken_key: str = ""
    """A bug: events of this key crash the handler."""


def build(settings: Settings) -> Service:
    Ticked.topic = settings.topic
    BY_TYPE[Ticked.type], MAJORS["spine.ticked"] = Ticked, frozenset({1})
    db = Database(settings.database_url.get_secret_value(), name="spine-app")

    async def handle(tx: HotTransaction, batch: Sequence[Received]) -> None:
        for event in batch:
            if getattr(event.data, "key", None) == settings.broken_key:
                raise KeyError("a bug for one key")
        await store(tx, batch)

    return Service(
        name="spine",
        settings=settings,
        db=db,
        api=create_api("spine", routers=[], settings=settings, db=db),
        subscriptions=[Subscription(group=settings.group, handlers={settings.topic: handle})],
    )


if __name__ == "__main__":
    main("spine", Settings, build)

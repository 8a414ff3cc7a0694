"""A process that cannot go on by itself ends, so that whoever runs it starts it again."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from edge.http import Health
from runtime.run import Service, run


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Held:
    """A resource that remembers how it was treated."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def open(self) -> None:
        self.told.append("opened")

    async def close(self) -> None:
        self.told.append("closed")


async def test_it_stops_in_order_and_ends_with_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.run._LIFE_SECONDS", 0.05)
    health, held = Health(), Held()

    async def sticks() -> str | None:
        return "consumers: the loop of order has ended" if health.started else None

    health.living.append(sticks)
    settings: Any = SimpleNamespace(host="127.0.0.1", port=_free_port(), drain_seconds=0.0, otlp_endpoint=None)
    service = Service(name="x", settings=settings, api=PlainTextResponse("here"), health=health, resources=[held])

    with pytest.raises(SystemExit) as ended:
        await run(service, "serve")

    assert ended.value.code == 1
    assert health.draining
    assert held.told == ["opened", "closed"]

"""Its wiring: a projection of its own topic, and a command."""

from dataclasses import replace

import spine_app

from runtime.answers import dry_run, show
from runtime.run import Service
from spine.settings import Settings


async def _republish(service: Service, arguments: list[str]) -> None:
    show({"service": service.name, "dry": dry_run("republish", arguments)})


async def _rebuild(service: Service, arguments: list[str]) -> None:
    show({"projection": service.subscriptions[0].group, "dry": dry_run("rebuild", arguments)})


def build(settings: Settings) -> Service:
    service = spine_app.build(settings)
    service.subscriptions = [replace(service.subscriptions[0], replays=True)]
    service.commands = {"republish": _republish, "rebuild": _rebuild}
    return service

"""Tells each step: the call, the answer, then the events that followed and who consumed them when."""

import asyncio
import time
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape

from contracts.topics import load
from halles_local.client.api import Answer, Caller

SETTLE_SECONDS = 6.0
EXPECTED = {
    kind: {group for group, types in topic.wanted.items() if kind in types and not group.startswith("gateway")}
    for topic in load()
    for kind in topic.types
}
"""For each type of event the consumer groups that are for it."""


class Narrator:
    """Prints as it goes. Events are read through the operator's trace, like any operator could."""

    def __init__(self, console: Console, operator: Caller) -> None:
        self._console = console
        self._operator = operator
        self._step = 0
        self._told: set[str] = set()

    def step(self, title: str) -> None:
        self._step += 1
        self._console.print(f"\n[bold]{self._step}. {escape(title)}[/bold]")

    def say(self, text: str) -> None:
        self._console.print(f"   {escape(text)}")

    def call(self, who: str, method: str, path: str, answer: Answer | None, told: str) -> None:
        """One call in one line; the answer in words."""
        status, seconds = (answer.status, answer.seconds) if answer else ("", 0.0)
        head = f"[cyan]{escape(who)}[/cyan]  {method} {escape(path)}"
        self._console.print(f"   {head}  [green]{status}[/green]  {seconds * 1000:.0f} ms  → {escape(told)}")

    async def events(self, *anchors: str) -> None:
        """Print what these requests and aggregates caused, once each; waits until every consumer has had its turn."""
        end, events = time.monotonic() + SETTLE_SECONDS, await self._fresh(anchors)
        while time.monotonic() < end and (not events or any(_missing(event) for event in events)):
            await asyncio.sleep(0.2)
            events = await self._fresh(anchors)
        for event in events:
            self._told.add(event["event_id"])
            self._console.print(
                f"     [dim]↳[/dim] {event['type']}  [dim]{event['subject']} #{event['sequence']}[/dim]  {_consumers(event)}"
            )

    async def _fresh(self, anchors: tuple[str, ...]) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for anchor in filter(None, anchors):
            for event in (await self._operator.get(f"/v1/operator/traces/{anchor}"))["events"]:
                if event["event_id"] not in self._told:
                    found[event["event_id"]] = event
        return sorted(found.values(), key=lambda event: (event["time"], event["event_id"]))


def _missing(event: dict[str, Any]) -> set[str]:
    """Consumer groups that have not processed it yet."""
    return EXPECTED.get(event["type"], set()) - {seen["consumer"] for seen in event["consumed"]}


def _consumers(event: dict[str, Any]) -> str:
    start = datetime.fromisoformat(event["time"])
    told = [
        f"{seen['consumer']} +{(datetime.fromisoformat(seen['processed_at']) - start).total_seconds() * 1000:.0f} ms"
        for seen in event["consumed"]
    ]
    waiting = [f"[red]{group}: not yet[/red]" for group in sorted(_missing(event))]
    return "[dim]" + ", ".join([*told, *waiting]) + "[/dim]"

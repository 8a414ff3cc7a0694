"""A row of the fault matrix, and one run of it: load, fault, rest, verdict."""

import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from halles_local.client.outside import Outside
from halles_rig import rest
from halles_rig.journal import Journal
from halles_rig.load import Crowd, people
from halles_rig.person import Person
from halles_rig.rig import Rig
from halles_rig.world import World


@dataclass(frozen=True)
class Row:
    """``fault`` in words for the table; ``load`` L0, L1 or L2; ``breaks``: invariants that it breaks on purpose.

    ``spoils``: the market cannot be used after it, so the next row starts from the snapshot. ``short``: part of
    `make faults-short`.
    """

    number: str
    fault: str
    load: str
    play: Callable[["Run"], Coroutine[Any, Any, None]]
    breaks: frozenset[str] = frozenset()
    spoils: bool = False
    short: bool = False


ROWS: dict[str, Row] = {}


def row(
    number: str,
    fault: str,
    *,
    load: str = "L1",
    breaks: Collection[str] = (),
    spoils: bool = False,
    short: bool = False,
) -> Callable[[Callable[["Run"], Coroutine[Any, Any, None]]], Callable[["Run"], Coroutine[Any, Any, None]]]:
    """Register what follows as a row of the matrix."""

    def register(play: Callable[["Run"], Coroutine[Any, Any, None]]) -> Callable[["Run"], Coroutine[Any, Any, None]]:
        ROWS[number] = Row(number, fault, load, play, frozenset(breaks), spoils, short)
        return play

    return register


class NotHere(Exception):
    """The machine lacks what the row needs; the text says what."""


@dataclass
class Run:
    """What a row works with. ``scale`` stretches how long faults and loads last; ``rate`` is L1 in checkouts a second."""

    rig: Rig
    crowd: Crowd
    dice: random.Random
    rate: float
    scale: float = 1.0
    only: str = ""
    notes: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    forgiven: set[str] = field(default_factory=set)
    """Kinds of calls that may fail for a client in this row (`*` = all)."""

    @property
    def journal(self) -> Journal:
        return self.crowd.journal

    def seconds(self, usual: float) -> float:
        return usual * self.scale

    def note(self, text: str) -> None:
        """Something measured, for the table."""
        self.notes.append(text)

    def require(self, holds: bool, told: str) -> None:
        """A claim of this row alone."""
        if not holds:
            self.violations.append(told)

    def forgive(self, *kinds: str) -> None:
        """These calls may get no answer or a 5xx while the fault lasts."""
        self.forgiven |= set(kinds) or {"*"}

    async def l2(self) -> float:
        """L2 in checkouts a second: sixty per cent of what this machine decides now."""
        return max(0.2, 0.6 * await self.crowd.ceiling())

    async def settle(self, *, without: Collection[str] = (), patience: float = rest.REST_SECONDS) -> rest.Verdict:
        """Heal everything, let everybody finish, resolve what is unknown, wait for rest, check."""
        await self.rig.heal()
        await self.crowd.go_home()
        await resolve(self)
        return await rest.come_to_rest(
            self.rig.sources(), self.rig.stack, self.journal, without=without, patience=patience
        )

    @asynccontextmanager
    async def trading(self) -> AsyncIterator[None]:
        """L1 while the block runs."""
        async with self.crowd.trading(self.rate):
            yield


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    number: str
    seed: int
    seconds: float
    recovery: float
    violations: list[str]
    orders: dict[str, int]
    calls: int
    errors: int
    notes: list[str]
    skipped: str = ""
    unsound: tuple[str, ...] = ()
    """What does not hold at rest (invariants, journal): the next row needs a fresh market."""


async def play(
    row: Row,
    rig: Rig,
    *,
    seed: int,
    rate: float,
    scale: float,
    folder: Path,
    only: str = "",
    patience: float = rest.REST_SECONDS,
) -> Result:
    """Run a row once: its load and faults, then heal, send everybody home, resolve, rest, check."""
    started = time.monotonic()
    dice = random.Random(f"{row.number}/{seed}")
    file = folder / f"{row.number}-{seed}.jsonl"
    file.unlink(missing_ok=True)
    journal, connector = Journal(file), aiohttp.TCPConnector(limit=0, keepalive_timeout=15)
    try:
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
            run = Run(rig, _crowd(rig, http, journal, dice), dice, rate, scale, only)
            try:
                await run.crowd.sign_in()
                await row.play(run)
            except NotHere as missing:
                return Result(row.number, seed, 0, 0, [], {}, 0, 0, [], skipped=str(missing))
            except Exception as error:
                run.violations.append(f"the row came to a halt: {error!r}")
            verdict = await run.settle(without=row.breaks, patience=patience)
            _judge_errors(run)
            found = run.violations + verdict.violations
            calls, errors = len(journal.entries), journal.errors().total()
            seconds = time.monotonic() - started
            orders = dict(run.crowd.outcomes())
            if (busy := os.getloadavg()[1]) > 2 * (os.cpu_count() or 1):
                run.note(f"the machine was shared: load average {busy:.0f}")
            return Result(
                row.number,
                seed,
                seconds,
                verdict.seconds,
                found,
                orders,
                calls,
                errors,
                run.notes,
                unsound=tuple(verdict.violations),
            )
    finally:
        journal.close()


def _crowd(rig: Rig, http: aiohttp.ClientSession, journal: Journal, dice: random.Random) -> Crowd:
    world, ports = World.load(rig.stack), rig.stack.ports
    gateway = ports.url("gateway")
    outside = Outside(http, ports.url("mail"), ports.url("carrier"))
    buyers, owners = (people(emails, http, gateway, journal) for emails in (world.buyers, world.owners))
    return Crowd(world, dice, buyers, owners, outside, journal)


def _judge_errors(run: Run) -> None:
    """Calls without an answer are violations, however busy the machine is."""
    for what, number in run.journal.errors().items():
        if "*" in run.forgiven or what in run.forgiven:
            continue
        told = Counter(f"{e.status} {e.code}" for e in run.journal.of(what, "unknown")).most_common(3)
        run.violations.append(f"{number} of {what}: no answer after three tries ({told})")


async def resolve(run: Run) -> None:
    """Ask again, with the same key, what became of each call that got no answer."""
    everybody: dict[str, Person] = {person.email: person for person in [*run.crowd.buyers, *run.crowd.owners]}
    for entry in rest.unresolved(run.journal):
        if entry.what not in ("checkout", "pay-again"):
            continue
        asked = await everybody[entry.who].call(f"resolve-{entry.what}", "POST", entry.path, entry.body, key=entry.key)
        if asked.result == "unknown":
            continue
        entry.resolved = "done" if asked.result == "ok" else "not-done"
        entry.answer = asked.answer
        run.journal.after(entry)

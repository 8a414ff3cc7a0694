"""Processes that are killed, frozen, starved and replaced."""

import asyncio
import os
import sys
import time
from pathlib import Path

from halles_local.ports import SERVICES
from halles_rig.pausing import last
from halles_rig.plan import Role
from halles_rig.process import Process
from halles_rig.row import Run, row
from halles_rig.rows.claims import everybody_was_told

DRAIN_SECONDS = 30.0
ROUNDS = 2


async def kill_again_and_again(run: Run, victims: list[Process], *, seconds: float, gap: tuple[float, float]) -> int:
    """kill -9 of a random one, start after a second, wait until it works; for about so long, at least twice."""
    end, kills = time.monotonic() + seconds, 0
    while time.monotonic() < end or kills < 2:
        await last(run.dice.uniform(*gap))
        victim = run.dice.choice(victims)
        victim.kill()
        await victim.gone()
        await last(1.0)
        victim.start()
        await victim.until_ready()
        kills += 1
    return kills


@row("F-01", "kill -9 of an order worker at random")
async def f01(run: Run) -> None:
    workers = run.rig.of_service("order", "worker")
    async with run.trading():
        kills = await kill_again_and_again(run, workers, seconds=run.seconds(30), gap=(2, 6))
    run.note(f"{kills} kills")
    everybody_was_told(run)


@row("F-02", "kill -9 of payment, catalog, logistics, review, messaging, identity, analytics in turn")
async def f02(run: Run) -> None:
    unaffected = {"catalog": ("cancel", "notifications"), "logistics": ("checkout", "cancel"), "review": ("checkout",)}
    run.forgive()
    async with run.trading():
        for service in ("payment", "catalog", "logistics", "review", "messaging", "analytics", "identity"):
            since = len(run.journal.entries)
            await _kill_service(run, service)
            await last(run.seconds(3))
            broken = {
                entry.what for entry in run.journal.entries[since:] if entry.result == "unknown" and entry.seconds
            }
            spared = unaffected.get(service, ("cart", "checkout") if service != "identity" else ())
            run.require(not broken.intersection(spared), f"with {service} away these failed: {broken & set(spared)}")
    run.note("nobody waits for payment, messaging or analytics; order needs neither logistics nor review")


async def _kill_service(run: Run, service: str) -> None:
    victims = run.rig.of_service(service)
    for victim in victims:
        victim.kill()
    await asyncio.gather(*(victim.gone() for victim in victims))
    await last(1.0)
    await run.rig.start(victim.name for victim in victims)


@row("F-04", "kill -9 of a gateway (1 of 2)")
async def f04(run: Run) -> None:
    gateways = run.rig.of_service("gateway")
    async with run.trading():
        kills = await kill_again_and_again(run, gateways, seconds=run.seconds(20), gap=(1.5, 4))
    again = [entry for entry in run.journal.entries if entry.tries > 1]
    run.note(f"{kills} kills, {len(again)} calls repeated with their key")


@row("F-40", "CPU starvation: every process of the services on one core, beside a busy loop")
async def f40(run: Run) -> None:
    run.forgive()
    core = {min(os.sched_getaffinity(0))}
    everywhere = os.sched_getaffinity(0)
    processes = [process for name, process in run.rig.processes.items() if name in run.rig.roles]
    async with run.trading():
        _pin(processes, core)
        words = ["-c", "import os; os.sched_setaffinity(0, {" + str(min(core)) + "})\nwhile True: pass"]
        burner = await asyncio.create_subprocess_exec(sys.executable, *words)
        try:
            await last(run.seconds(15))
        finally:
            burner.kill()
            await burner.wait()
            _pin(processes, everywhere)
    statuses = {entry.status for entry in run.journal.entries if entry.result == "unknown"}
    run.require(statuses <= {0, 503, 429}, f"shed with 503, not with {statuses}")
    run.note(f"{run.journal.errors().total()} calls shed")


def _pin(processes: list[Process], cores: set[int]) -> None:
    """Threads, too: each has its own mask."""
    for process in processes:
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)


@row("F-42", "rolling restart of every service, twice", load="L2", short=True)
async def f42(run: Run) -> None:
    rate = await run.l2()
    leaving: dict[str, float] = {}
    async with run.crowd.trading(rate):
        for _ in range(max(1, round(run.seconds(ROUNDS)))):
            for service in SERVICES:
                if service != "web":
                    leaving |= await _roll(run, service)
    slowest = max(leaving, key=lambda name: leaving[name])
    run.require(leaving[slowest] < DRAIN_SECONDS, f"{slowest} took {leaving[slowest]:.0f} s to leave")
    shed = [entry for entry in run.journal.entries if entry.tries > 1]
    told = f"{len(leaving)} processes left, the slowest, {slowest}, in {leaving[slowest]:.1f} s"
    run.note(f"L2 = {rate:.2f}/s; {told}; {len(shed)} calls needed a second try")
    everybody_was_told(run)


async def _roll(run: Run, service: str) -> dict[str, float]:
    """Replace each process of a service: the new ones first, then the old ones leave one by one, in so many seconds."""
    old = [role for role in run.rig.roles.values() if role.service == service]
    fresh = [Role(service, role.role, role.copy[:-1] if role.copy.endswith("+") else f"{role.copy}+") for role in old]
    await run.rig.start(run.rig.add(role).name for role in fresh)
    return {role.name: await run.rig.remove(role.name) for role in old}

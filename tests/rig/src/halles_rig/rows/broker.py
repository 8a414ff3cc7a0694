"""Kafka frozen, flapping and restarted, and relays that die or sleep while they publish."""

import time

from halles_rig.journeys import quarrel
from halles_rig.kafka_log import duplicates
from halles_rig.pausing import NotSeen, last, seen
from halles_rig.plan import Role
from halles_rig.proxy import Weather
from halles_rig.row import Run, row
from halles_rig.rows.claims import memory_mb, open_files
from halles_rig.tables import advisory_locks, outbox_rows

OUTAGE_SECONDS = 40.0
WRITES = ("cart", "checkout", "edit")


@row("F-05", "kill of the order relay between publish and mark", short=True)
async def f05(run: Run) -> None:
    relay = run.rig.process("order-relay-a")
    crashes, end = 0, time.monotonic() + run.seconds(15)
    async with run.trading():
        relay.kill()
        await relay.gone()
        while time.monotonic() < end or crashes < 2:
            relay.start({"HALLES_CRASH_AT": "relay.after_publish"})
            await relay.gone(60)
            run.require(relay.exit_code == 137, f"the relay ended with {relay.exit_code}")
            crashes += 1
        relay.start()
        await relay.until_ready()
    repeated = await duplicates(run.rig.stack, ("order.order.v1", "catalog.commands.v1", "payment.commands.v1"))
    run.require(repeated > 0, "the crashes repeated no event")
    run.note(f"{crashes} crashes, {repeated} events twice in the log")


@row("F-06", "two, then four relays of order, added and removed")
async def f06(run: Run) -> None:
    async with run.trading():
        await last(run.seconds(4))
        for wanted in ("b", "cd"):
            for copy in wanted:
                run.rig.add(Role("order", "relay", copy))
            await run.rig.start(f"order-relay-{copy}" for copy in wanted)
            await last(run.seconds(5))
        for copy in "dcb":
            await run.rig.remove(f"order-relay-{copy}")
            await last(run.seconds(1))


@row("F-07", "zombie relay: SIGSTOP while it holds shards, then a second relay joins")
async def f07(run: Run) -> None:
    zombie, stopped = run.rig.process("order-relay-a"), run.seconds(20)
    try:
        async with run.trading():
            run.rig.proxy("kafka").set(Weather(delay=0.1))
            holding = await _freeze_while_publishing(run)
            run.rig.proxy("kafka").clear()
            await run.rig.start([run.rig.add(Role("order", "relay", "b")).name])
            await last(stopped)
            zombie.thaw()
            await last(run.seconds(3))
    finally:
        zombie.thaw()
        await run.rig.remove("order-relay-b")
    run.require(holding, "the relay was never seen holding a shard")
    run.note(f"frozen for {stopped:.0f} s with its locks, then both at work")


async def _freeze_while_publishing(run: Run) -> bool:
    """Stop relay a when an advisory lock of order's database is held from one of its connections."""
    relay = run.rig.process("order-relay-a")

    async def look() -> bool:
        relay.freeze()
        if await advisory_locks(run.rig.sources(), "order", quiet_seconds=0.3):
            return True
        relay.thaw()
        return False

    try:
        await seen("the relay holds a shard", look, seconds=60, pause=0.02)
    except NotSeen:
        return False
    return True


@row("F-11", f"broker unavailable for {OUTAGE_SECONDS:.0f} s", short=True)
async def f11(run: Run) -> None:
    kafka, outage = run.rig.process("kafka"), run.seconds(OUTAGE_SECONDS)
    async with run.trading():
        await last(run.seconds(4))
        since = len(run.journal.entries)
        kafka.freeze()
        ends = time.monotonic() + outage
        while time.monotonic() < ends:
            await quarrel(run.crowd)
            await last(1)
        grown = outbox_rows(run.rig.sources())
        accepted = sum(entry.what == "checkout" and entry.result == "ok" for entry in run.journal.entries[since:])
        kafka.thaw()
        drained = await _drained(run, 2 * outage)
    run.require(accepted > 0, "no checkout was taken while the broker was away")
    run.require(grown > 0, "no event waited in an outbox")
    run.note(f"{accepted} checkouts taken meanwhile, {grown} events waited, drained after {drained:.1f} s")


async def _drained(run: Run, seconds: float) -> float:
    """Seconds until the outboxes are as short as they are under load."""

    async def look() -> bool:
        return outbox_rows(run.rig.sources()) < 10

    try:
        return await seen("the outboxes are drained", look, seconds=seconds, pause=0.3)
    except NotSeen as late:
        run.require(False, str(late))
        return seconds


@row("F-14", "flapping broker link: 1 s down, 2 s up")
async def f14(run: Run) -> None:
    proxy = run.rig.proxy("kafka")
    watched = [process for name, process in run.rig.processes.items() if name in run.rig.roles]
    end = time.monotonic() + run.seconds(30)
    async with run.trading():
        await last(3)
        before = {process.name: (memory_mb(process), open_files(process)) for process in watched}
        while time.monotonic() < end:
            proxy.refuse()
            await last(1)
            proxy.clear()
            await last(2)
    await last(3)
    memory, largest = max((memory_mb(process) - before[process.name][0], process.name) for process in watched)
    files = max(open_files(process) - before[process.name][1] for process in watched)
    run.require(memory < 40, f"{largest} grew by {memory:.0f} MB")
    run.require(files < 60, f"a process holds {files} more files than before")
    run.note(f"at most {memory:+.0f} MB and {files:+d} open files")

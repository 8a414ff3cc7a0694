"""PostgreSQL away, crashed, locked, and connections that break at the worst moment."""

import asyncio
import signal
import time
from collections.abc import Callable

import psycopg

from halles_local import postgres
from halles_rig.journeys import GOOD, purchase
from halles_rig.pausing import last, seen
from halles_rig.person import Person
from halles_rig.row import Run, row
from halles_rig.rows.claims import everybody_was_told
from halles_rig.tables import one
from halles_rig.world import HOT

COMMIT = b"COMMIT\x00"
_DEADLOCKS = "SELECT sum(deadlocks) AS n FROM pg_stat_database WHERE datname = 'catalog'"
_SESSIONS = "SELECT count(*) AS n FROM pg_stat_activity WHERE backend_type = 'client backend'"
_LOCK_ORDERS = b"LOCK TABLE carts, orders, sagas IN ACCESS EXCLUSIVE MODE"
_KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename <> 'postgres' ORDER BY random() LIMIT 1
"""


def superuser(run: Run, database: str) -> str:
    password = run.rig.secrets.passwords["postgres"]
    return postgres.address(run.rig.stack.ports, password=password, database=database)


@row("F-16", "payment's database away for 40 s")
async def f16(run: Run) -> None:
    proxy = run.rig.proxy("db-payment")
    run.forgive("order")
    async with run.trading():
        await last(run.seconds(3))
        proxy.refuse()
        away = time.monotonic()
        payment, order = run.rig.process("payment-api-a"), run.rig.process("order-api-a")

        async def unready() -> bool:
            return not await payment.is_ready()

        await seen("payment is not ready", unready, seconds=45)
        run.require(await order.is_ready(), "order is not ready although only payment's database is away")
        await last(max(0.0, run.seconds(40) - (time.monotonic() - away)))
        proxy.clear()
        back = await payment.until_ready(60)
    run.note(f"payment ready {back:.1f} s after its database")


@row("F-17", "database crash (immediate stop) and recovery")
async def f17(run: Run) -> None:
    run.forgive()
    server = run.rig.process("postgres")
    async with run.trading():
        for _ in range(2):
            await last(run.seconds(6))
            server.signal(signal.SIGQUIT)
            await server.gone()
            await last(1)
            server.start()
            await server.until_ready()
        await last(run.seconds(4))
    run.note("two crashes")


@row("F-18", "connections killed in mid-transaction, two a second")
async def f18(run: Run) -> None:
    run.forgive("edit")
    most, killed, end = 0, 0, time.monotonic() + run.seconds(20)
    with psycopg.connect(superuser(run, "postgres"), autocommit=True) as connection:
        async with run.trading():
            while time.monotonic() < end:
                killed += len(connection.execute(_KILL).fetchall())
                most = max(most, (connection.execute(_SESSIONS).fetchone() or (0,))[0])
                await last(0.5)
    run.require(most < 200, f"{most} connections at once")
    run.note(f"{killed} connections killed, at most {most} open")


@row("F-19", "a holder locks the carts and orders for 20 s")
async def f19(run: Run) -> None:
    run.forgive("cart", "cart-read", "checkout", "order", "cancel", "pay-again")
    async with run.trading():
        await last(run.seconds(3))
        with psycopg.connect(superuser(run, "order")) as connection:
            # In a thread: who holds the tables now gets on only through the proxies of this loop.
            await asyncio.to_thread(connection.execute, _LOCK_ORDERS)
            since = time.monotonic()
            await last(20)
            connection.rollback()
        healed = time.monotonic()
        ready = await run.rig.process("order-api-a").until_ready(20)
        await last(run.seconds(6))
    slow = [entry.seconds / entry.tries for entry in run.journal.entries if entry.what in ("cart", "cart-read")]
    run.require(max(slow) < 12, f"a call took {max(slow):.1f} s a try: nobody answered it")
    run.note(f"locked {healed - since:.0f} s, slowest try {max(slow):.1f} s, ready {ready:.1f} s after")


@row("F-20", "deadlocks: buyers of two hot offers each, while somebody locks these in the opposite order")
async def f20(run: Run) -> None:
    offers = sorted((offer.offer_id for offer in run.crowd.world.offers[:HOT]), reverse=True)
    before = one(run.rig.sources(), "catalog", _DEADLOCKS)["n"]
    end, caught = time.monotonic() + run.seconds(20), 0
    async with run.trading():
        keen = [asyncio.create_task(_buy_pairs(run, buyer, until=end)) for buyer in run.crowd.buyers[:4]]
        while time.monotonic() < end:
            caught += await asyncio.to_thread(_lock_backwards, superuser(run, "catalog"), offers)
        await asyncio.gather(*keen)
    # A server writes its statistics down when a session has been idle for a second.
    await last(2)
    after = one(run.rig.sources(), "catalog", _DEADLOCKS)["n"]
    run.require(after > before, "nobody met anybody: no deadlock came about")
    run.note(f"{after - before} deadlocks, {caught} of them ended the intruder")
    everybody_was_told(run)


async def _buy_pairs(run: Run, buyer: Person, *, until: float) -> None:
    """Two hot offers of two shops, over and over: orders of one offer cannot meet anybody half way."""
    hot = run.crowd.world.offers[:HOT]
    while time.monotonic() < until:
        first = run.dice.choice(hot)
        second = run.dice.choice([offer for offer in hot if offer.seller != first.seller])
        async with buyer.lock:
            await purchase(run.crowd, buyer, card=GOOD[0], wanted=(first, second))


def _lock_backwards(address: str, offers: list[str]) -> int:
    """Take the rows one by one, slowly enough for orders to come between; 1 when this side was the victim."""
    with psycopg.connect(address) as connection:
        try:
            for offer_id in offers:
                connection.execute("SELECT FROM offers WHERE offer_id = %s FOR UPDATE", (offer_id,))
                time.sleep(0.12)
        except psycopg.errors.DeadlockDetected:
            return 1
        finally:
            connection.rollback()
    return 0


@row("F-22", "commit done, but its answer never reaches the service")
async def f22(run: Run) -> None:
    proxies = [run.rig.proxy(name) for name in ("db-order", "db-catalog", "db-payment")]
    async with run.trading():
        for proxy in proxies:
            proxy.cuts, proxy.cutter = 0, _sometimes(run, 0.06)
        await last(run.seconds(25))
        for proxy in proxies:
            proxy.cutter = None
    cuts = {proxy.name: proxy.cuts for proxy in proxies}
    run.require(sum(cuts.values()) > 0, "no commit was cut")
    run.note(f"answers cut: {', '.join(f'{number} of {name}' for name, number in cuts.items())}")
    everybody_was_told(run)


def _sometimes(run: Run, share: float) -> Callable[[bytes], bool]:
    def cut(data: bytes) -> bool:
        return COMMIT in data and run.dice.random() < share

    return cut

"""A neighbour that is slow, hangs, or is left by its clients; consumers that sleep, come and go."""

import asyncio
import time
from statistics import median
from typing import Any

import aiohttp

from halles_local import lag
from halles_rig.pausing import NotSeen, last, seen
from halles_rig.plan import Role
from halles_rig.proxy import Weather
from halles_rig.row import Run, row
from halles_rig.rows.claims import everybody_was_told
from halles_rig.tables import one

UNRELATED = ("order", "notifications", "cancel")
OF_CATALOG = ("list", "product", "search", "suggest", "edit")
BUDGET_SECONDS = 3.0
_IN_TRANSACTION = "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"


def _times(run: Run, since: int, kinds: tuple[str, ...]) -> list[float]:
    """Seconds of answered first tries."""
    entries = run.journal.entries[since:]
    return [entry.seconds for entry in entries if entry.what in kinds and entry.tries == 1 and entry.status]


def _p(times: list[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))] if times else 0.0


@row("F-24", "slow dependency: catalog's answers come two seconds late", load="L2")
async def f24(run: Run) -> None:
    run.forgive(*OF_CATALOG)
    rate = await run.l2()
    async with run.crowd.trading(rate):
        since = len(run.journal.entries)
        await last(run.seconds(12))
        before = _times(run, since, UNRELATED)
        run.rig.proxy("catalog").set(Weather(delay=1.0))
        since = len(run.journal.entries)
        await last(run.seconds(15))
        during = _times(run, since, UNRELATED)
        run.rig.proxy("catalog").clear()
    told = f"p50 {_p(before, 0.5) * 1000:.0f} to {_p(during, 0.5) * 1000:.0f} ms, p99 {_p(before, 0.99) * 1000:.0f} to {_p(during, 0.99) * 1000:.0f} ms"
    run.require(median(during) < median(before) * 2 + 0.2, f"routes that need no catalog got slower: {told}")
    run.note(f"L2 = {rate:.2f}/s; routes without catalog: {told}")


@row("F-25", "dependency hangs: catalog and review take requests and never answer", load="L2")
async def f25(run: Run) -> None:
    run.forgive(*OF_CATALOG, "review")
    rate = await run.l2()
    async with run.crowd.trading(rate):
        await last(run.seconds(4))
        for name in ("catalog", "review"):
            run.rig.proxy(name).set(Weather(stalled=frozenset({"down"})))
        since, stalled = len(run.journal.entries), time.monotonic()
        await last(run.seconds(15))
        for name in ("catalog", "review"):
            run.rig.proxy(name).clear()
            run.rig.proxy(name).reset()
        back = await _answers_again(run)
        hung = [
            e.seconds / e.tries for e in run.journal.entries[since:] if e.what in OF_CATALOG and e.result == "unknown"
        ]
    slowest = max(hung, default=0.0)
    run.require(
        slowest < BUDGET_SECONDS * 2 + 2, f"a try took {slowest:.1f} s, the gateway's budget is {BUDGET_SECONDS} s"
    )
    run.require(back < 15, f"the catalogue answered only {back:.0f} s after the hang")
    run.note(f"hung {time.monotonic() - stalled:.0f} s, slowest try {slowest:.1f} s, answers {back:.1f} s after")


async def _answers_again(run: Run) -> float:
    url = f"{run.rig.stack.ports.url('gateway')}/v1/products?limit=7&cursor="

    async def look() -> bool:
        async with run.crowd.buyers[0].http.get(url.removesuffix("&cursor=")) as answer:
            return answer.status == 200

    return await seen("the catalogue answers", look, seconds=60)


@row("F-27", "clients hang up on 30 % of their requests", load="L2")
async def f27(run: Run) -> None:
    run.forgive("cart", "checkout", "cart-read", "notifications")
    rate = await run.l2()
    gone = 0
    async with run.crowd.trading(rate):
        end = time.monotonic() + run.seconds(20)
        while time.monotonic() < end:
            gone += await _hang_up(run)
    await last(2)
    left = one(run.rig.sources(), "order", _IN_TRANSACTION)["n"]
    run.require(left <= 2, f"{left} connections idle in a transaction")
    run.note(f"L2 = {rate:.2f}/s, {gone} requests left by their clients")


async def _hang_up(run: Run) -> int:
    """Send a request of any kind and close the connection some milliseconds later."""
    buyer = run.dice.choice(run.crowd.buyers)
    if buyer.lock.locked():
        await asyncio.sleep(0.05)
        return 0
    offer = run.dice.choice(run.crowd.world.offers)
    wishes: list[tuple[str, str, Any]] = [
        ("GET", "/v1/cart", None),
        ("GET", f"/v1/products/{offer.product_id}", None),
        ("PUT", f"/v1/cart/lines/{offer.offer_id}", {"quantity": 1}),
        ("GET", "/v1/notifications", None),
    ]
    method, path, body = run.dice.choice(wishes)
    headers = {"Authorization": f"Bearer {buyer.token}", "Accept": "application/json"}
    timeout = aiohttp.ClientTimeout(total=run.dice.uniform(0.002, 0.06))
    async with buyer.lock:
        try:
            async with buyer.http.request(
                method, buyer.gateway + path, json=body, headers=headers, timeout=timeout
            ) as answer:
                await answer.read()
        except (TimeoutError, aiohttp.ClientError):
            return 1
    return 0


@row("F-08", "SIGSTOP of a consumer beyond its session, then CONT")
async def f08(run: Run) -> None:
    sleepers = [run.rig.process(f"{service}-worker-a") for service in ("order", "catalog", "payment")]
    async with run.trading():
        await last(run.seconds(3))
        for sleeper in sleepers:
            sleeper.freeze()
        await last(max(12.0, run.seconds(15)))
        for sleeper in sleepers:
            sleeper.thaw()
        await last(run.seconds(4))
    run.note("order, catalog and payment, worker a of each, together")
    everybody_was_told(run)


@row("F-09", "consumer group scaling, 1 to 4 to 1 workers of order", load="L2")
async def f09(run: Run) -> None:
    rate = await run.l2()
    await run.rig.process("order-worker-b").stop()
    async with run.crowd.trading(rate):
        await last(run.seconds(4))
        copies = ("c", "d", "e")
        for copy in copies:
            run.rig.add(Role("order", "worker", copy))
        await run.rig.start(f"order-worker-{copy}" for copy in copies)
        up = await _caught_up(run)
        await last(run.seconds(4))
        for copy in copies:
            await run.rig.remove(f"order-worker-{copy}")
        down = await _caught_up(run)
    run.note(f"L2 = {rate:.2f}/s; lag below 100 {up:.1f} s after growing, {down:.1f} s after shrinking")


async def _caught_up(run: Run) -> float:
    async def look() -> bool:
        lags = await asyncio.to_thread(lag.by_group, run.rig.stack)
        return bool(lags) and sum(lags.values()) < 100

    try:
        return await seen("the lag is below 100", look, seconds=30, pause=0.5)
    except NotSeen as late:
        run.require(False, str(late))
        return 30.0

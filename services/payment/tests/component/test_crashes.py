"""The worker is killed at every step of a call; afterwards the money has moved exactly once (reliability.md 2.4)."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from payment.app import build

KILLED = 137
POINTS = ["payment.operation-claimed", "payment.operation-answered", "payment.operation-settled"]
"""Marked as being sent; answered but not written; written with what follows."""


@pytest.mark.parametrize("point", POINTS)
async def test_killed_while_the_intent_is_made(idle: Any, make: Any, point: str, tmp_path: Path) -> None:
    order = make.order()
    await idle.tell(order.placed(), order.authorise())

    await killed_at(point, idle, tmp_path)
    assert await idle.standin.charges(order.order_id) == []
    await idle.let_leases_run_out()

    async with idle.running():
        await idle.until(order.order_id, "PaymentAuthorised")
    assert len(await idle.standin.charges(order.order_id)) == 1


@pytest.mark.parametrize("point", POINTS)
async def test_killed_while_the_money_is_taken(idle: Any, make: Any, point: str, tmp_path: Path) -> None:
    order = make.order()
    await idle.tell(order.placed(), order.authorise())
    async with idle.running():
        await idle.until(order.order_id, "PaymentAuthorised")
    await idle.tell(order.capture())

    await killed_at(point, idle, tmp_path)
    await idle.let_leases_run_out()

    async with idle.running():
        await idle.until(order.order_id, "PaymentAuthorised", "PaymentCaptured")
    assert [charge["amount_captured"] for charge in await idle.standin.charges(order.order_id)] == [order.amount]
    booked = await idle.rows("SELECT kind FROM ledger_transactions ORDER BY kind")
    assert [row["kind"] for row in booked] == ["captured", "fee-known"]


@pytest.mark.parametrize("point", POINTS[:2])
async def test_killed_while_a_seller_is_paid_and_away_for_a_day(
    idle: Any, make: Any, point: str, tmp_path: Path
) -> None:
    """After a day the provider has forgotten the key: only a lookup prevents a second transfer (payments.md 6, case 6)."""
    order = make.order(("sel_a", 2490))
    (part,) = order.parts
    async with idle.running():
        await idle.open_seller("sel_a")
        await idle.paid(order)
    await idle.tell(make.delivered(order, part))
    await idle.release_now()

    await killed_at(point, idle, tmp_path)
    await idle.standin.control("POST", "/clock", {"seconds": 25 * 3600})
    await idle.rows("UPDATE payment_operations SET sent_at = sent_at - interval '25 hours' RETURNING 1")
    await idle.let_leases_run_out()

    async with idle.running():
        told = ("SettlementAccrued", "SettlementReleased", "SettlementTransferred")
        await idle.until(part.seller_order_id, *told, seconds=60)
    assert [transfer["amount"] for transfer in (await idle.standin.book(order.order_id))["transfers"]] == [2241]


async def test_two_workers_share_the_calls(idle: Any, make: Any, tmp_path: Path) -> None:
    """A second replica, also one that takes over too early, charges nobody twice."""
    orders = [make.order() for _ in range(12)]
    await idle.tell(*(event for order in orders for event in (order.placed(), order.authorise())))
    other = build(idle.settings)

    async with idle.running(), idle.running_also(other):
        for order in orders:
            await idle.until(order.order_id, "PaymentAuthorised", seconds=40)
    assert [len(await idle.standin.charges(order.order_id)) for order in orders] == [1] * 12


async def killed_at(point: str, idle: Any, folder: Path) -> None:
    """Run a real worker process until it dies at the crash point."""
    settings = idle.settings
    environment = {
        **os.environ,
        "HALLES_CRASH_AT": point,
        "PAYMENT_PORT": "0",
        "PAYMENT_CLIENT_KEY_FILE": str(folder / "none.jwk"),
        "PAYMENT_DATABASE_URL": settings.database_url.get_secret_value(),
        "PAYMENT_STRIPE_KEY": settings.stripe_key.get_secret_value(),
        "PAYMENT_STRIPE_PUBLISHABLE_KEY": settings.stripe_publishable_key,
        "PAYMENT_STRIPE_WEBHOOK_SECRET": settings.stripe_webhook_secret.get_secret_value(),
        "PAYMENT_STRIPE_ADDRESS": settings.stripe_address,
        "PAYMENT_COMMISSION_BASIS_POINTS": "1000",
        "PAYMENT_HOLD_SECONDS": "3600",
        "KAFKA_BROKERS": "127.0.0.1:1",
        "IDENTITY_URL": "http://127.0.0.1:1",
        "SITE_URL": settings.site_url,
        "ENVIRONMENT": "test",
        "LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "payment", "worker", env=environment)
    async with asyncio.timeout(30):
        assert await process.wait() == KILLED

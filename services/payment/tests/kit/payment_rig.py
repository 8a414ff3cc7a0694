"""A whole payment service with what tests ask of it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from payment_orders import PlacedOrder
from payment_running import running
from payment_standin import StandIn

from chassis.db import Database
from contracts.event import Event
from contracts.identity import SellerState
from contracts.logistics import SHIPMENT
from contracts.values import LocalText
from payment.adapters.stripe_provider import StripeProvider
from payment.app import build
from payment.settings import Settings
from runtime.loops import Loop
from runtime.run import Service
from testkit import ApiClient, Emitted, deliver, emitted, eventually


@dataclass
class Rig:
    """A running service: loops in this event loop, the webhook port open, events delivered through the real wrapper."""

    service: Service
    settings: Settings
    db: Database
    standin: StandIn
    api: ApiClient

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start the service anew and run it inside the block."""
        self.service = build(self.settings)
        async with running(self.service):
            yield

    def running_also(self, replica: Service) -> AbstractAsyncContextManager[None]:
        """Run the loops of a second replica."""
        return running(replica, with_webhooks=False)

    async def let_leases_run_out(self) -> None:
        """As if the time had passed after which a dead worker's calls are taken over."""
        await self.rows("UPDATE payment_operations SET next_try_at = clock_timestamp() RETURNING 1")

    async def release_now(self) -> None:
        """As if the hold of everything delivered had passed."""
        await self.rows("UPDATE settlements SET due_at = clock_timestamp() WHERE due_at IS NOT NULL RETURNING 1")
        self.loop("payment.settlements").wake()

    def loop(self, name: str) -> Loop:
        return next(loop for loop in self.service.loops if loop.name == name)

    @property
    def provider(self) -> StripeProvider:
        return next(part for part in self.service.resources if isinstance(part, StripeProvider))

    async def tell(self, *events: Event, twice: bool = True) -> None:
        """Deliver events as their producers would, by default twice."""
        told = [(event, _subject(event), 1) for event in events]
        await deliver(self.db, self.service.subscriptions[0], told, twice=twice)

    async def told(self, kind: type[Event] | None = None) -> list[Emitted]:
        rows = await emitted(self.db)
        return [row for row in rows if kind is None or isinstance(row.data, kind)]

    async def told_types(self, subject: str) -> list[str]:
        return [type(row.data).__name__ for row in await emitted(self.db) if row.subject == subject]

    async def until(self, subject: str, *names: str, seconds: float = 15) -> None:
        """Wait until exactly these events were told about a subject."""

        async def check() -> bool:
            types = await self.told_types(subject)
            assert types == list(names), types
            return True

        await eventually(check, timeout=seconds)

    async def rows(self, query: str, params: Any = None) -> list[dict[str, Any]]:
        async with self.db.reading() as tx:
            return await tx.rows(query, params)

    async def open_seller(self, *seller_ids: str, active: bool = True) -> None:
        """Open shops and complete their accounts at the stand-in."""
        await self.tell(*(_seller(seller_id) for seller_id in seller_ids))
        for seller_id in seller_ids:
            account = await eventually(lambda seller_id=seller_id: self.account_of(seller_id))
            if active:
                await self.standin.control("POST", f"/accounts/{account}", {"state": "active"})
                await eventually(lambda seller_id=seller_id: self.has_status(seller_id, "active"))

    async def account_of(self, seller_id: str) -> str | None:
        rows = await self.rows("SELECT account_id FROM payout_accounts WHERE seller_id = %s", (seller_id,))
        return rows[0]["account_id"] if rows else None

    async def has_status(self, seller_id: str, status: str) -> bool:
        rows = await self.rows("SELECT status FROM payout_accounts WHERE seller_id = %s", (seller_id,))
        return bool(rows) and rows[0]["status"] == status

    async def paid(self, order: PlacedOrder) -> None:
        """Bring an order to captured."""
        await self.tell(order.placed())
        await self.tell(order.authorise())
        await self.until(order.order_id, "PaymentAuthorised")
        await self.tell(order.capture())
        await self.until(order.order_id, "PaymentAuthorised", "PaymentCaptured")

    async def balances(self) -> dict[str, int]:
        """Ledger accounts that are not zero, positive on their normal side."""
        rows = await self.rows(
            "SELECT path, b.normal_side, debits, credits FROM account_balances b JOIN ledger_accounts USING (account_id)"
        )
        sides = {row["path"]: (row["debits"] - row["credits"], row["normal_side"]) for row in rows}
        return {path: d if side == "debit" else -d for path, (d, side) in sides.items() if d}


def _seller(seller_id: str) -> SellerState:
    return SellerState(
        seller_id=seller_id,
        handle=seller_id,
        name=f"Atelier {seller_id}",
        description=LocalText(fr="", en=""),
        status="open",
        town="Lyon",
        postal_code="69001",
        country="fr",
        latitude=45_764_000,
        longitude=4_835_000,
    )


def _subject(event: Event) -> str:
    names = ("shipment_id",) if event.topic == SHIPMENT else ("order_id", "seller_id")
    return next(getattr(event, name) for name in names if hasattr(event, name))

"""A whole order service in process on real PostgreSQL; its neighbours are the events that they would publish."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from chassis.consume import Subscription
from chassis.db import Database
from contracts import catalog, logistics, payment
from contracts.event import Event
from contracts.identity import SellerState
from contracts.ids import new_id
from contracts.values import LocalText, Money
from order.app import build
from order.consumers.subscriptions import subscriptions
from order.saga.table import Patience
from order.settings import Settings
from runtime.loops import Loop
from testkit import Answer, ApiClient, Emitted, anonymous, buyer, deliver, emitted, seller, service_database

db = service_database("order")
ADDRESS = {
    "name": "Zoé Martin",
    "line1": "12 rue des Lilas",
    "postal_code": "69003",
    "city": "Lyon",
    "country": "FR",
}


@dataclass
class World:
    """What a test needs to be a buyer, a seller, catalog and payment."""

    db: Database
    api: ApiClient
    answers: Subscription
    market: Subscription
    loops: dict[str, Loop]
    address: dict[str, str] = field(default_factory=lambda: dict(ADDRESS))
    sequences: Counter[tuple[str, str]] = field(default_factory=Counter)

    # ---- the market

    def offer(
        self, offer_id: str, *, seller_id: str = "sel_a", price: int = 1000, available: int = 10, **more: Any
    ) -> catalog.OfferState:
        values: dict[str, Any] = {
            "offer_id": offer_id,
            "product_id": f"prd_{offer_id}",
            "variant_id": f"var_{offer_id}",
            "sku": f"SKU-{offer_id}",
            "seller_id": seller_id,
            "status": "active",
            "title": LocalText(fr=f"Théière {offer_id}", en=f"Teapot {offer_id}"),
            "description": LocalText(fr="Fonte", en="Cast iron"),
            "variant": LocalText(fr="Bleu", en="Blue"),
            "category_path": ("cat_root", "cat_tea"),
            "image_url": "https://img.example/t.jpg",
            "price": Money(amount=price, currency="EUR"),
            "available": available,
            "condition": "new",
            "handling_days": 2,
            "listed_at": datetime(2026, 1, 5, tzinfo=UTC),
        }
        return catalog.OfferState(**{**values, **more})

    async def sell(self, *offers: catalog.OfferState) -> None:
        await self.market_says(*[(state, state.offer_id) for state in offers])

    async def shop_is(self, seller_id: str, status: str) -> None:
        place: dict[str, Any] = {
            "town": "Lyon",
            "postal_code": "69003",
            "country": "fr",
            "latitude": 45_760_000,
            "longitude": 4_840_000,
        }
        text = LocalText(fr="Thé", en="Tea")
        state = SellerState(seller_id=seller_id, handle="the", name="Thé", description=text, status=status, **place)
        await self.market_says((state, seller_id))

    async def market_says(self, *told: tuple[Event, str]) -> None:
        await deliver(self.db, self.market, [(event, subject, self.next(event, subject)) for event, subject in told])

    # ---- people

    def as_buyer(self, account_id: str = "acc_buyer") -> ApiClient:
        return self.api.acting_as(buyer(account_id))

    def as_guest(self) -> ApiClient:
        return self.api.acting_as(anonymous())

    def as_seller(self, seller_id: str) -> ApiClient:
        return self.api.acting_as(seller(seller_id))

    async def put(
        self, offer_id: str, quantity: Any = 1, *, by: ApiClient | None = None, token: str | None = None
    ) -> Answer:
        headers = {"halles-cart": token} if token else {}
        caller = by or self.as_buyer()
        return await caller.request("PUT", f"/v1/cart/lines/{offer_id}", json={"quantity": quantity}, headers=headers)

    async def cart(self, *, by: ApiClient | None = None, token: str | None = None) -> Any:
        headers = {"halles-cart": token} if token else {}
        answer = await (by or self.as_buyer()).request("GET", "/v1/cart", headers=headers)
        assert answer.status == 200, answer.body
        return answer.json()

    async def check_out(
        self, *, by: ApiClient | None = None, key: str = "", version: int | None = None, **more: Any
    ) -> Answer:
        caller = by or self.as_buyer()
        shown = version if version is not None else (await self.cart(by=caller))["version"]
        body = {"cart_version": shown, "payment_method": "pm_card_visa", "shipping_address": ADDRESS, **more}
        return await caller.request(
            "POST", "/v1/checkouts", json=body, headers={"idempotency-key": key or new_id("key")}
        )

    async def ordered(self, *, by: ApiClient | None = None) -> str:
        """A fresh order of two sellers: 2 × 10.00 and 1 × 24.50 EUR."""
        await self.sell(self.offer("off_1"), self.offer("off_2", seller_id="sel_b", price=2450))
        await self.put("off_1", 2, by=by)
        await self.put("off_2", 1, by=by)
        answer = await self.check_out(by=by)
        assert answer.status == 202, answer.body
        return str(answer.json()["order_id"])

    async def order(self, order_id: str) -> Any:
        answer = await self.as_buyer().request("GET", f"/v1/orders/{order_id}")
        assert answer.status == 200, answer.body
        return answer.json()

    async def state(self, order_id: str) -> str:
        return str((await self.order(order_id))["state"])

    # ---- the neighbours

    def next(self, event: Event, subject: str) -> int:
        self.sequences[event.topic, subject] += 1
        return self.sequences[event.topic, subject]

    async def say(self, *events: Event, **how: Any) -> None:
        """Catalog and payment answer, keyed by their order; each answer is delivered twice."""
        told = [(event, event.order_id, self.next(event, event.order_id)) for event in events]  # type: ignore[attr-defined]
        await deliver(self.db, self.answers, told, **how)

    async def say_for(self, order_id: str, *words: str, **how: Any) -> None:
        """The same by name, one after the other: ``reserved``, ``authorised``, ``committed``, ``captured`` …"""
        await self.say(*[self.word(order_id, word) for word in words], **{"one_by_one": True, **how})

    def word(self, order_id: str, word: str) -> Event:
        total = Money(amount=4450, currency="EUR")
        command, paid = {"order_id": order_id, "command_id": "cmd_x"}, {"order_id": order_id, "payment_id": "pay_1"}
        soon = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=15)
        short = (catalog.Shortage(offer_id="off_1", requested=2, available=1),)
        words: dict[str, Event] = {
            "reserved": catalog.StockReserved(**command, expires_at=soon),
            "rejected": catalog.StockRejected(**command, shortages=short),
            "committed": catalog.ReservationCommitted(**command),
            "hold-gone": catalog.ReservationExpired(**command),
            "expired": catalog.ReservationExpired(order_id=order_id),
            "released": catalog.StockReleased(**command),
            "authorised": payment.PaymentAuthorised(**paid, amount=total),
            "action": payment.PaymentActionRequired(**paid, attempt=1),
            "declined": payment.PaymentDeclined(**paid, attempt=1, reason="card_declined"),
            "declined-again": payment.PaymentDeclined(**paid, attempt=2, reason="insufficient_funds"),
            "captured": payment.PaymentCaptured(**paid, amount=total),
            "capture-failed": payment.PaymentCaptureFailed(**paid, reason="expired"),
            "voided": payment.PaymentVoided(order_id=order_id),
            "refunded": payment.PaymentRefunded(**paid, amount=total),
        }
        return words[word]

    async def parcel(self, order_id: str, part_id: str, status: str, sequence: int) -> None:
        """Logistics tells about a seller order's parcel."""
        about = {
            "shipment_id": f"shp_{part_id}",
            "order_id": order_id,
            "seller_order_id": part_id,
            "seller_id": "sel_a",
            "buyer_id": "acc_buyer",
        }
        at = datetime(2026, 3, 2, tzinfo=UTC)
        told: dict[str, Event] = {
            "shipped": logistics.ShipmentShipped(**about, carrier="colissimo", tracking_number="T1", shipped_at=at),
            "delivered": logistics.ShipmentDelivered(**about, delivered_at=at, lines=()),
        }
        await deliver(self.db, self.answers, [(told[status], about["shipment_id"], sequence)])

    async def sent(self, *, clear: bool = True) -> list[Emitted]:
        """What the service is about to publish."""
        return await emitted(self.db, clear=clear)

    async def sent_types(self) -> list[str]:
        return [told.data.type for told in await self.sent()]

    async def run_late(self, *order_ids: str) -> None:
        """The deadlines of these orders pass, and the loop looks once."""
        await self.execute(
            "UPDATE sagas SET deadline_at = clock_timestamp() WHERE order_id = ANY(%s) AND deadline_at IS NOT NULL",
            list(order_ids),
        )
        await self.loops["deadlines"]._work()

    async def rows(self, query: str, *params: Any) -> list[dict[str, Any]]:
        async with self.db.reading() as tx:
            return await tx.rows(query, params)

    async def execute(self, query: str, *params: Any) -> None:
        async with self.db.hot_transaction() as tx:
            await tx.execute(query, params)

    async def path(self, order_id: str) -> Sequence[str]:
        """States that the order went through, from its log."""
        rows = await self.rows("SELECT from_state, to_state FROM saga_log WHERE order_id = %s ORDER BY n", order_id)
        return [row["to_state"] for row in rows if row["from_state"] != row["to_state"]]


@pytest.fixture
def world(db: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    settings = Settings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers="unused",
        identity_url="http://unused",
        environment="test",
        database_url=SecretStr("postgresql://unused"),
    )
    monkeypatch.setattr("order.app.Database", lambda *_, **__: db)
    service = build(settings)
    answers, market = subscriptions(Patience())
    loops = {loop.name: loop for loop in service.loops}
    return World(db=db, api=ApiClient(service.api), answers=answers, market=market, loops=loops)

"""A whole logistics service in process on real PostgreSQL, with a carrier that can be made to fail."""

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr

from chassis.clock import utc_now
from chassis.db import Database
from contracts.event import Event
from contracts.ids import new_id
from contracts.order import OrderCancelled, OrderConfirmed, OrderLine, OrderPlaced, SellerOrder
from contracts.values import LocalText, Money
from logistics.app import build
from logistics.consumers import SUBSCRIPTION
from logistics.ports import CarrierAway, CarrierRefused, Parcel, Registered
from logistics.settings import Settings
from runtime.run import Service
from testkit import Answer, ApiClient, Emitted, buyer, deliver, emitted, seller, service_database

db = service_database("logistics")
SECRET = "secret-of-the-carrier"


class FakeCarrier:
    """Behaves like the stand-in (the same contract tests run on both). ``is_away``: no answer; ``is_deaf``: takes it, no answer."""

    def __init__(self) -> None:
        self.parcels: dict[str, Registered] = {}
        self.asked: list[Parcel] = []
        self.is_away = False
        self.is_deaf = False

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def register(self, parcel: Parcel) -> Registered:
        self.asked.append(parcel)
        if self.is_away:
            raise CarrierAway("no answer")
        if parcel.reference not in self.parcels:
            self._take(parcel)
        if self.is_deaf:
            raise CarrierAway("no answer")
        return self.parcels[parcel.reference]

    def _take(self, parcel: Parcel) -> None:
        number = parcel.tracking_number or f"STAND{len(self.parcels):06}"
        if number in {known.tracking_number for known in self.parcels.values()}:
            raise CarrierRefused("another reference has this tracking number")
        self.parcels[parcel.reference] = Registered(tracking_number=number, tracking_url=f"http://carrier/{number}")


class World:
    """What a test needs to be order, a seller, a buyer and the carrier."""

    def __init__(self, db: Database, service: Service, carrier: FakeCarrier) -> None:
        self.db = db
        self.service = service
        self.carrier = carrier
        self.api = ApiClient(service.api)

    # ---- order

    def _parts(self, order_id: str) -> tuple[SellerOrder, ...]:
        return tuple(self._part(order_id, seller_id, n) for n, seller_id in enumerate(("sel_a", "sel_b")))

    def _part(self, order_id: str, seller_id: str, n: int) -> SellerOrder:
        price = Money(amount=1000, currency="EUR")
        line = OrderLine(
            line_id=f"lin_{n}_{order_id}",
            offer_id=f"off_{n}",
            product_id=f"prd_{n}",
            variant_id=f"var_{n}",
            sku=f"SKU{n}",
            category_id="cat_1",
            title=LocalText(fr="Théière", en="Teapot"),
            quantity=2,
            unit_price=price,
            amount=price.times(2),
        )
        return SellerOrder(
            seller_order_id=f"sor_{n}_{order_id}", seller_id=seller_id, total=price.times(2), lines=(line,)
        )

    def placed(self, order_id: str) -> OrderPlaced:
        total = Money(amount=4000, currency="EUR")
        return OrderPlaced(
            order_id=order_id, number="H-1", buyer_id="acc_buyer", total=total, seller_orders=self._parts(order_id)
        )

    def confirmed(self, order_id: str) -> OrderConfirmed:
        told = self.placed(order_id)
        return OrderConfirmed(**dict(told), ship_country="fr")

    def cancelled(self, order_id: str) -> OrderCancelled:
        return OrderCancelled(order_id=order_id, buyer_id="acc_buyer", reason="buyer-cancelled")

    async def order_says(self, *events: Event, **how: Any) -> None:
        told = [(event, event.order_id, n + 1) for n, event in enumerate(events)]  # type: ignore[attr-defined]
        await deliver(self.db, SUBSCRIPTION, told, **how)

    async def parcel(self) -> str:
        """The shipment of seller A in a fresh confirmed order."""
        order_id = new_id("ord")
        await self.order_says(self.placed(order_id), self.confirmed(order_id))
        (row,) = await self.rows(
            "SELECT shipment_id FROM shipments WHERE order_id = %s AND seller_id = 'sel_a'", order_id
        )
        return str(row["shipment_id"])

    async def shipped(self) -> str:
        shipment_id = await self.parcel()
        answer = await self.ship(shipment_id)
        assert answer.status == 200, answer.body
        await self.sent()
        return shipment_id

    # ---- people

    def as_seller(self, seller_id: str = "sel_a") -> ApiClient:
        return self.api.acting_as(seller(seller_id))

    def as_buyer(self, account_id: str = "acc_buyer") -> ApiClient:
        return self.api.acting_as(buyer(account_id))

    async def ship(self, shipment_id: str, *, by: str = "sel_a", **details: Any) -> Answer:
        body = {"carrier": "colissimo", **details}
        path = f"/v1/sellers/{by}/shipments/{shipment_id}/ship"
        return await self.as_seller(by).request("POST", path, json=body)

    async def read(self, shipment_id: str) -> Any:
        answer = await self.as_seller().request("GET", f"/v1/sellers/sel_a/shipments/{shipment_id}")
        assert answer.status == 200, answer.body
        return answer.json()

    # ---- the carrier

    async def scan(self, shipment_id: str, step: str, **changes: Any) -> Answer:
        known = self.carrier.parcels.get(shipment_id)
        body = {
            "id": new_id("cev"),
            "reference": shipment_id,
            "tracking_number": known.tracking_number if known else "NONE",
            "status": step,
            "occurred_at": datetime(2026, 3, 2, 9, tzinfo=UTC).isoformat(),
        }
        return await self.callback(orjson.dumps({**body, **changes}))

    async def callback(self, raw: bytes, *, signature: str | None = None) -> Answer:
        headers = {"carrier-signature": self.sign(raw) if signature is None else signature}
        return await self.api.request("POST", "/webhooks/carrier", content=raw, headers=headers)

    def sign(self, raw: bytes, *, secret: str = SECRET, seconds_ago: int = 0) -> str:
        at = int(utc_now().timestamp()) - seconds_ago
        digest = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        return f"t={at},v1={digest}"

    # ---- looking inside

    async def ask_again(self) -> None:
        """What is due at the carrier is asked, whatever the pause."""
        await self.execute("UPDATE registrations SET next_attempt_at = clock_timestamp()")
        await self.service.loops[0]._work()

    async def sent(self) -> list[Emitted]:
        return await emitted(self.db, clear=True)

    async def sent_types(self) -> list[str]:
        return [told.data.type.removeprefix("logistics.") for told in await self.sent()]

    async def rows(self, query: str, *params: Any) -> list[dict[str, Any]]:
        async with self.db.reading() as tx:
            return await tx.rows(query, params)

    async def execute(self, query: str, *params: Any) -> None:
        async with self.db.hot_transaction() as tx:
            await tx.execute(query, params)


@pytest.fixture
def carrier() -> FakeCarrier:
    return FakeCarrier()


@pytest.fixture
def world(db: Database, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> World:
    settings = Settings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers="unused",
        identity_url="http://unused",
        environment="test",
        database_url=SecretStr("postgresql://unused"),
        carrier_address="http://unused",
        carrier_secret=SecretStr(SECRET),
    )
    monkeypatch.setattr("logistics.app.Database", lambda *_, **__: db)
    monkeypatch.setattr("logistics.app.HttpCarrier", lambda *_: carrier)
    return World(db, build(settings), carrier)

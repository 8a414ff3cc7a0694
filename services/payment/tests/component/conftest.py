"""A whole payment service in this process, against the real PostgreSQL and the real Stripe stand-in process."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import stripe
import uvicorn

from chassis.db import Database
from chassis.loops import Loop
from contracts.event import Event
from contracts.identity import SellerState
from contracts.ids import new_id
from contracts.logistics import SHIPMENT, ShipmentDelivered, ShippedLine
from contracts.order import OrderLine, OrderPlaced, SellerOrder
from contracts.payment import AuthorisePayment, CancelPayment, CapturePayment, Share
from contracts.values import LocalText, Money
from payment.adapters.stripe_provider import StripeProvider
from payment.app import build
from payment.settings import Settings
from runtime.run import Service, opened
from testkit import ApiClient, Emitted, deliver, emitted, eventually
from testkit.databases import address_of

CONTROL_TOKEN = "control-for-tests"
WEBHOOK_SECRET = "whsec_for_tests"
STRIPE_KEY = "sk_test_standin_tests"
HOLD_SECONDS = 3600


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class StandIn:
    """The stand-in's process and its control API."""

    url: str
    webhook_port: int
    http: aiohttp.ClientSession

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
        async with self.http.request(method, f"{self.url}/_control{path}", json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def fault(self, kind: str, **rule: Any) -> None:
        await self.control("POST", "/faults", {"kind": kind, **rule})

    async def charges(self, order_id: str) -> list[dict[str, Any]]:
        """Charges of an order that took or hold money."""
        book = await self.control("GET", f"/book?transfer_group=order_{order_id}")
        return [charge for charge in book["charges"] if charge["status"] == "succeeded"]

    async def book(self, order_id: str) -> dict[str, Any]:
        return dict(await self.control("GET", f"/book?transfer_group=order_{order_id}"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standin_process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StandIn]:
    port, webhook_port = free_port(), free_port()
    environment = {
        **os.environ,
        "STANDIN_STRIPE_PORT": str(port),
        "STANDIN_STRIPE_DATA": str(tmp_path_factory.mktemp("standin") / "stripe.sqlite"),
        "STANDIN_STRIPE_WEBHOOK_URL": f"http://127.0.0.1:{webhook_port}/webhooks/stripe",
        "STANDIN_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STANDIN_STRIPE_THIN_WEBHOOK_URL": f"http://127.0.0.1:{webhook_port}/webhooks/stripe",
        "STANDIN_STRIPE_THIN_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STANDIN_STRIPE_RETRY_SECONDS": "0.2",
        "STANDIN_CONTROL_TOKEN": CONTROL_TOKEN,
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "standins", "stripe", env=environment)
    async with aiohttp.ClientSession() as http:
        standin = StandIn(f"http://127.0.0.1:{port}", webhook_port, http)
        await eventually(lambda: _answers(port), timeout=20)
        yield standin
    process.terminate()
    await process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest_asyncio.fixture(loop_scope="session")
async def standin(standin_process: StandIn) -> AsyncIterator[StandIn]:
    """The stand-in, empty."""
    await standin_process.control("POST", "/reset")
    yield standin_process
    await standin_process.control("DELETE", "/faults")


@dataclass
class Contacts:
    """Identity's answer, without identity: the only neighbour that payment asks."""

    emails: dict[str, str] = field(default_factory=dict)

    async def email_of(self, seller_id: str) -> str | None:
        return self.emails.get(seller_id, f"{seller_id}@sellers.example")


@dataclass
class PlacedOrder:
    """An order of two sellers, as the order service would tell it."""

    order_id: str
    amount: int
    parts: tuple[SellerOrder, ...]
    buyer_id: str = "acc_buyer"

    def placed(self) -> OrderPlaced:
        return OrderPlaced(
            order_id=self.order_id,
            number=self.order_id[-8:],
            buyer_id=self.buyer_id,
            total=euros(self.amount),
            seller_orders=self.parts,
        )

    def authorise(self, payment_method: str = "pm_card_visa", *, attempt: int = 1) -> AuthorisePayment:
        shares = [Share(seller_order_id=p.seller_order_id, seller_id=p.seller_id, amount=p.total) for p in self.parts]
        return AuthorisePayment(
            order_id=self.order_id,
            command_id=f"{self.order_id[-20:]}-authorise-{attempt}",
            attempt=attempt,
            buyer_id=self.buyer_id,
            amount=euros(self.amount),
            payment_method=payment_method,
            shares=tuple(shares),
        )

    def capture(self) -> CapturePayment:
        return CapturePayment(order_id=self.order_id, command_id=f"{self.order_id[-20:]}-capture")

    def cancel(self) -> CancelPayment:
        return CancelPayment(order_id=self.order_id, command_id=f"{self.order_id[-20:]}-cancel")


def euros(amount: int) -> Money:
    return Money(amount=amount, currency="EUR")


def an_order(*sellers: tuple[str, int]) -> PlacedOrder:
    """Make an order with one line per seller: (seller_id, amount)."""
    wanted = sellers or (("sel_a", 2490), ("sel_b", 3200))
    parts = tuple(_seller_order(seller_id, amount) for seller_id, amount in wanted)
    return PlacedOrder(new_id("ord"), sum(amount for _, amount in wanted), parts)


def _seller_order(seller_id: str, amount: int) -> SellerOrder:
    line = OrderLine(
        line_id=new_id("lin"),
        offer_id=new_id("off"),
        product_id="prd_1",
        variant_id="var_1",
        sku="sku-1",
        category_id="cat_1",
        title=LocalText(fr="Bol", en="Bowl"),
        quantity=1,
        unit_price=euros(amount),
        amount=euros(amount),
    )
    return SellerOrder(seller_order_id=new_id("sor"), seller_id=seller_id, total=euros(amount), lines=(line,))


def delivered(order: PlacedOrder, part: SellerOrder) -> ShipmentDelivered:
    return ShipmentDelivered(
        shipment_id=new_id("shp"),
        order_id=order.order_id,
        seller_order_id=part.seller_order_id,
        seller_id=part.seller_id,
        buyer_id=order.buyer_id,
        delivered_at=datetime.now(UTC),
        lines=(ShippedLine(line_id="l", offer_id="o", product_id="p", quantity=1),),
    )


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


def settings_for(standin: StandIn, folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "port": standin.webhook_port,
        "client_key_file": folder / "client.jwk",
        "database_url": address_of("payment"),
        "kafka_brokers": "127.0.0.1:1",
        "identity_url": "http://127.0.0.1:1",
        "environment": "test",
        "site_url": "http://localhost:8600",
        "stripe_key": STRIPE_KEY,
        "stripe_publishable_key": "pk_test_standin",
        "stripe_webhook_secret": WEBHOOK_SECRET,
        "stripe_address": standin.url,
        "commission_basis_points": 1000,
        "hold_seconds": HOLD_SECONDS,
    }
    return Settings(**{**values, **changes})


@asynccontextmanager
async def running(service: Service, *, with_webhooks: bool = True) -> AsyncIterator[None]:
    """Run the service's loops and its webhook port until the block ends."""
    async with opened(service):
        tasks = [asyncio.create_task(loop.run()) for loop in service.loops]
        async with _listening(service) if with_webhooks else _nothing():
            yield
        for loop in service.loops:
            loop.stop()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Any:
        yield


@asynccontextmanager
async def _listening(service: Service) -> AsyncIterator[None]:
    config = uvicorn.Config(service.api, port=service.settings.port, log_config=None, lifespan="off", access_log=False)
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield
    server.should_exit = True
    await task


def _built(standin: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Service, Settings]:
    monkeypatch.setattr("payment.app.IdentityContacts", lambda _client: Contacts())
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.02)  # of the SDK's own retries
    settings = settings_for(standin, folder)
    return build(settings), settings


@pytest_asyncio.fixture(loop_scope="session")
async def rig(db: Database, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A service that runs from the first line of the test to the last."""
    service, settings = _built(standin, tmp_path, monkeypatch)
    async with running(service):
        yield Rig(service, settings, db, standin=standin, api=ApiClient(service.api))


@pytest_asyncio.fixture(loop_scope="session")
async def idle(db: Database, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """A service that takes events but works only inside ``async with idle.running()``."""
    service, settings = _built(standin, tmp_path, monkeypatch)
    return Rig(service, settings, db, standin=standin, api=ApiClient(service.api))


@dataclass(frozen=True)
class Make:
    """Makes what other services would tell."""

    @staticmethod
    def order(*sellers: tuple[str, int]) -> PlacedOrder:
        return an_order(*sellers)

    @staticmethod
    def delivered(order: PlacedOrder, part: SellerOrder) -> ShipmentDelivered:
        return delivered(order, part)


@pytest.fixture
def make() -> Make:
    return Make()

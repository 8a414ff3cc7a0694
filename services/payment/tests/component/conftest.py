"""A whole payment service in this process, against the real PostgreSQL and the real Stripe stand-in process."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import stripe
from payment_orders import Make
from payment_rig import Rig
from payment_running import running
from payment_standin import WEBHOOK_SECRET, StandIn, standin_in

from chassis.db import Database
from payment.app import build
from payment.settings import Settings
from runtime.run import Service
from testkit import ApiClient
from testkit.databases import address_of

STRIPE_KEY = "sk_test_standin_tests"
HOLD_SECONDS = 3600


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standin_process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StandIn]:
    async with standin_in(tmp_path_factory.mktemp("standin")) as standin:
        yield standin


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


@pytest.fixture
def make() -> Make:
    return Make()

"""Fixtures of catalog: its API on a real database, its consumers, and a search index of this test alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from services.catalog.tests.factories import Market

from catalog.app import build
from catalog.settings import Settings
from chassis.db import Database
from runtime.run import Service
from testkit import ApiClient, Servers, service_database

db = service_database("catalog")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    servers = Servers.from_environment()
    return Settings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers=servers.kafka,
        identity_url="http://unused",
        environment="test",
        database_url="postgresql://unused",  # type: ignore[arg-type]
        opensearch_url=servers.opensearch,
        media_url=(tmp_path / "media").as_uri(),
        index_prefix=f"test-{uuid4().hex[:12]}-",
    )


@pytest_asyncio.fixture(loop_scope="session")
async def service(db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.setattr("catalog.app.Database", lambda *_, **__: db)
    service = build(settings)
    yield service
    for resource in service.resources:
        await resource.close()


@pytest.fixture
def api(service: Service) -> ApiClient:
    return ApiClient(service.api)


@pytest.fixture
def market(db: Database, api: ApiClient) -> Market:
    return Market(db, api)

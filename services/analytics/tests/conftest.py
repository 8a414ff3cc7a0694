"""Fixtures of analytics."""

from pathlib import Path

import pytest

from analytics.app import build
from analytics.settings import Settings
from chassis.db import Database
from testkit import ApiClient, Servers, service_database

db = service_database("analytics")


@pytest.fixture
def settings() -> Settings:
    return Settings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers=Servers.from_environment().kafka,
        identity_url="http://unused",
        environment="test",
        database_url="postgresql://unused",  # type: ignore[arg-type]
    )


@pytest.fixture
def api(db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    monkeypatch.setattr("analytics.app.Database", lambda *_, **__: db)
    return ApiClient(build(settings).api)

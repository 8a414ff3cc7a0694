"""Fixtures of review."""

from pathlib import Path

import pytest

from chassis.db import Database
from review.app import build
from review.settings import Settings
from testkit import ApiClient, service_database

db = service_database("review")


@pytest.fixture
def api(db: Database, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    settings = Settings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers="unused",
        identity_url="http://unused",
        environment="test",
        database_url="postgresql://unused",  # type: ignore[arg-type]
    )
    monkeypatch.setattr("review.app.Database", lambda *_, **__: db)
    return ApiClient(build(settings).api)

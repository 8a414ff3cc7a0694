"""Fixtures of catalog: its API, its consumers, a market to sell in, and a search index of this test process."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from opensearchpy import AsyncOpenSearch

from catalog.app import build
from catalog.settings import Settings
from chassis.db import Database
from chassis.run import Service
from chassis.testing import ApiClient, Servers, service_database

db = service_database("catalog")


def settings_for(opensearch_url: str, kafka_brokers: str = "unused") -> Settings:
    return Settings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers=kafka_brokers,
        identity_url="http://unused",
        environment="test",
        database_url="postgresql://unused",  # type: ignore[arg-type]
        opensearch_url=opensearch_url,
    )

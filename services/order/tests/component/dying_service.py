"""Run as a process that ends at ``HALLES_CRASH_AT``: consumes the pickled records, or sends the pickled request."""

import asyncio
import pickle
import sys
from pathlib import Path
from typing import Any

from chassis.consume import Consumer
from order.app import build
from order.consumers.subscriptions import subscriptions
from order.saga.table import Patience
from order.settings import Settings
from testkit import ApiClient, buyer


async def main(address: str, work: dict[str, Any]) -> None:
    settings = Settings.model_validate(
        {
            "port": 1,
            "client_key_file": Path("unused"),
            "kafka_brokers": "unused",
            "identity_url": "http://unused",
            "database_url": address,
        }
    )
    service = build(settings)
    assert service.db is not None
    await service.db.open()
    if "records" in work:
        await Consumer(service.db, subscriptions(Patience())[0]).process(work["records"])
    if "request" in work:
        await ApiClient(service.api, buyer()).request(**work["request"])
    if work.get("deadlines"):
        await service.loops[0]._work()
    await service.db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], pickle.load(sys.stdin.buffer)))  # noqa: S301 - written by the test that starts us

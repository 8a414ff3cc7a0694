"""A process that has imported the service and forks one that dies for each job on its standard input.

A job is a pickled dict: ``point`` (what ``HALLES_CRASH_AT`` would name), ``address`` of the database and the work to do.
For each, one line with the exit code of the fork is written. Importing once makes a death cheap.
"""

import asyncio
import os
import pickle
import sys
from pathlib import Path
from typing import Any

from chassis import crash
from chassis.consume import Consumer
from order.app import build
from order.consumers.subscriptions import subscriptions
from order.saga.table import Patience
from order.settings import Settings
from testkit import ApiClient, buyer


async def work(job: dict[str, Any]) -> None:
    settings = Settings.model_validate(
        {
            "port": 1,
            "client_key_file": Path("unused"),
            "kafka_brokers": "unused",
            "identity_url": "http://unused",
            "database_url": job["address"],
        }
    )
    service = build(settings)
    assert service.db is not None
    await service.db.open()
    if "records" in job:
        await Consumer(service.db, subscriptions(Patience())[0]).process(job["records"])
    if "request" in job:
        await ApiClient(service.api, buyer()).request(**job["request"])
    if job.get("deadlines"):
        await service.loops[0]._work()
    await service.db.close()


def die(job: dict[str, Any]) -> int:
    """Do the job in a fork and return its exit code."""
    if (child := os.fork()) == 0:
        crash._AT = job["point"]
        asyncio.run(work(job))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    while True:
        try:
            told = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the test that started us
        except EOFError:
            break
        sys.stdout.write(f"exit {die(told)}\n")
        sys.stdout.flush()

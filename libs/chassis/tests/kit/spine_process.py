"""Runs ``spine_app`` as processes of their own, which tests kill."""

import asyncio
import json
import os
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from spine_kit import Spine

from testkit import eventually

KIT = Path(__file__).parent
KILLED = 137


def environment(spine: Spine, **extra: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(KIT),
        "KAFKA_BROKERS": spine.brokers,
        "IDENTITY_URL": "http://127.0.0.1:9",
        "ENVIRONMENT": "test",
        "SPINE_PORT": str(free_port()),
        "SPINE_DATABASE_URL": spine.url,
        "SPINE_CLIENT_KEY_FILE": "unused",
        "SPINE_TOPIC": spine.topic,
        "SPINE_GROUP": spine.group,
        **extra,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def serving(spine: Spine, role: str = "serve", *, app: str = "spine_app", **extra: str) -> AsyncIterator[Process]:
    """The service until the block ends; then SIGTERM, and it must leave with 0 unless it is dead already."""
    values = environment(spine, **extra)
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", app, role, env=values, stdout=log, stderr=log
        )
        try:
            yield process
            alive = process.returncode is None
            if alive:
                await eventually(lambda: listens(int(values["SPINE_PORT"])), timeout=20)
                process.terminate()
            code = await asyncio.wait_for(process.wait(), 30)
            assert code == 0 or not alive, f"left with {code} after SIGTERM"
        except BaseException:
            log.seek(0)
            print(log.read().decode()[-6000:])
            raise
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def dies_at(spine: Spine, point: str, role: str = "serve") -> None:
    """Run the service until it ends itself at the crash point."""
    async with serving(spine, role, HALLES_CRASH_AT=point) as process:
        code = await asyncio.wait_for(process.wait(), 40)
        assert code == KILLED, f"{point}: ended with {code}"


async def command(spine: Spine, *arguments: str, **extra: str) -> list[dict[str, Any]]:
    """What ``python -m spine_app …`` prints, one object a line; it must end with 0."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "spine_app", *arguments,
        env=environment(spine, LOG_LEVEL="CRITICAL", **extra), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-3000:]
    return [json.loads(line) for line in printed.splitlines()]

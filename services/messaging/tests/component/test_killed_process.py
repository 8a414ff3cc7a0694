"""The process is killed around the moment of sending; a second one takes over what it left."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from contracts.identity import AccountMailRequested
from messaging.consumers.subscription import SUBSCRIPTION
from testkit import deliver, eventually

EVENT = AccountMailRequested(account_id="acc_zoe", request_id="mlr_1", purpose="password-changed")


@pytest.mark.parametrize(("point", "arrived"), [("mail.after_claim", 1), ("mail.after_send", 2)])
async def test_a_killed_sender_loses_no_mail_and_a_copy_shows_that_it_is_one(
    idle: Any, tmp_path: Path, unused_tcp_port: int, point: str, arrived: int
) -> None:
    idle.identity.requests["mlr_1"] = {"account_id": "acc_zoe", "purpose": "password-changed"}
    await deliver(idle.db, SUBSCRIPTION, [(EVENT, "acc_zoe", 2)])

    code = await run_until_killed(idle, tmp_path, unused_tcp_port, point)
    left = await idle.rows("SELECT status FROM mails")
    await idle.execute("UPDATE mails SET next_at = now()")
    await idle.service.loops[0]._work()

    assert (code, left) == (137, [{"status": "sending"}])
    assert await idle.rows("SELECT status, doubts FROM mails") == [{"status": "sent", "doubts": 1}]
    assert len(idle.post.mails) == arrived
    assert len({mail["message-id"] for mail in idle.post.mails}) == 1


async def run_until_killed(world: Any, folder: Path, port: int, point: str) -> int:
    settings = world.service.settings
    environment = {
        **os.environ,
        "HALLES_CRASH_AT": point,
        "MESSAGING_PORT": str(port),
        "MESSAGING_DATABASE_URL": settings.database_url.get_secret_value(),
        "MESSAGING_CLIENT_KEY_FILE": str(settings.client_key_file),
        "KAFKA_BROKERS": "127.0.0.1:1",
        "IDENTITY_URL": settings.identity_url,
        "SMTP_URL": settings.smtp_url.get_secret_value(),
        "SITE_URL": settings.site_url,
    }
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "messaging", "worker", env=environment, stdout=log, stderr=log
        )
    try:
        await eventually(lambda: process.returncode is not None, timeout=45)
    finally:
        if process.returncode is None:
            process.kill()
    return await process.wait()

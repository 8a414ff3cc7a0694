"""The process: all stand-ins at once, busy ports, missing settings, memory, pages of the Stripe stand-in."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from standins.testing.process import RunningStandin, free_port
from standins.testing.stripe_scenes import Scenes
from testkit import eventually

READY_SECONDS = 30


async def run(tmp_path: Path, **settings: str) -> tuple[int, str]:
    """Start all stand-ins, expect them to end, and return the code and what they said."""
    environment = dict(os.environ) | {"HALLES_HOME": str(tmp_path), "STANDIN_CONTROL_TOKEN": "t"} | settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "standins",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(READY_SECONDS):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def ports() -> dict[str, str]:
    names = ("STRIPE_PORT", "MAIL_PORT", "SMTP_PORT", "CARRIER_PORT")
    return {f"STANDIN_{name}": str(free_port()) for name in names}


async def test_one_process_serves_every_port_and_stops_cleanly(tmp_path: Path) -> None:
    chosen = ports()
    environment = dict(os.environ) | {"HALLES_HOME": str(tmp_path), "STANDIN_CONTROL_TOKEN": "t"} | chosen
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-m", "standins", env=environment)
    async with aiohttp.ClientSession() as session:
        await eventually(lambda: _are_ready(session, chosen), timeout=READY_SECONDS)
    resident = resident_bytes(process.pid)
    process.terminate()

    assert await process.wait() == 0
    assert resident < 80_000_000


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _are_ready(session: aiohttp.ClientSession, chosen: dict[str, str]) -> bool:
    for name in ("STRIPE", "MAIL", "CARRIER"):
        try:
            async with session.get(f"http://127.0.0.1:{chosen[f'STANDIN_{name}_PORT']}/readyz") as answer:
                assert answer.status == 200
        except aiohttp.ClientConnectorError:
            return False
    return True


async def test_a_busy_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        code, said = await run(tmp_path, **(ports() | {"STANDIN_STRIPE_PORT": port}))

    assert code == 1
    assert f"Port {port} of STANDIN_STRIPE_PORT cannot be used" in said


async def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    code, said = await run(tmp_path, **ports(), STANDIN_STRIPE_WEBHOOK_URL="http://127.0.0.1:1/w")

    assert code == 1
    assert "Setting STANDIN_STRIPE_WEBHOOK_SECRET is missing." in said


@pytest.mark.parametrize(("query", "notice"), [("", "ce n&#39;est pas Stripe"), ("?lang=en", "not Stripe")])
async def test_every_page_says_that_it_is_not_stripe(
    standin: RunningStandin, scenes: Scenes, query: str, notice: str
) -> None:
    seller, paid = scenes.seller(), scenes.paid(transfer_group="order_1")
    scenes.client.v1.transfers.create(
        {"amount": 2581, "currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
    )
    waiting = scenes.paid(card="pm_standin_3ds")
    challenge = f"/3ds/{waiting.id}?secret={waiting.client_secret}"

    async with aiohttp.ClientSession(standin.url) as session:
        pages = {}
        for path in ("/", f"/accounts/{seller.id}", "/accounts/acct_none", "/onboarding/none", challenge):
            joined = query.replace("?", "&") if "?" in path else query
            async with session.get(path + joined) as answer:
                pages[path] = await answer.text()
                assert "script-src" not in answer.headers["Content-Security-Policy"]

    assert all(notice in page for page in pages.values())
    assert paid.id in pages["/"]
    assert "25.81 EUR" in pages["/"]
    assert "57.30 EUR" in pages[challenge]

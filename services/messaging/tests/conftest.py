"""A whole messaging in process: real PostgreSQL, a real SMTP server, a small HTTP server that answers as identity does."""

import asyncio
import email
import email.policy
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest_asyncio
from aiohttp import web
from aiosmtpd.smtp import SMTP
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from chassis.db import Database
from edge.auth import Principal
from messaging.app import build
from messaging.settings import Settings
from runtime.run import Service, opened
from testkit import ApiClient, buyer, eventually
from testkit.databases import address_of

SITE = "https://halles.test"
PEOPLE = {
    "acc_zoe": {"email": "zoe@example.org", "display_name": "Zoé", "locale": "fr"},
    "acc_ann": {"email": "ann@example.org", "display_name": "Ann", "locale": "en"},
    "acc_miel": {"email": "miel@example.org", "display_name": "Marc", "locale": "fr"},
    "acc_pots": {"email": "pots@example.org", "display_name": "Pia", "locale": "en"},
}
OWNERS = {"sel_miel": ["acc_miel"], "sel_pots": ["acc_pots"]}
SHOPS = {"sel_miel": "Miel du Vercors", "sel_pots": "Poterie d’Uzès"}


@dataclass
class PostOffice:
    """An SMTP server. ``answers`` are given to the next DATA commands instead of taking the mail; ``drop`` breaks the line."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    port: int = 0
    seen: int = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:
        self.seen += 1
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer in ("250 taken", "take and drop"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
            self.recipients.append(list(envelope.rcpt_tos))
        if answer == "take and drop":
            server.transport.abort()
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail, to in zip(self.mails, self.recipients, strict=True) if address in to]


def _person(account_id: str) -> dict[str, str]:
    return {"account_id": account_id, **PEOPLE[account_id]}


@dataclass
class Neighbour:
    """Identity, as far as messaging asks it. ``status`` other than 200 is answered to everything."""

    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/internal/tokens", self.tokens)
        app.router.add_post("/internal/mail-requests/{id}", self.mail_request)
        app.router.add_post("/internal/contacts", self.contacts)
        app.router.add_get("/v1/sellers", self.sellers)
        return app

    async def tokens(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert body["credential"] == {"kind": "service"}
        tokens = {name: f"token-for-{name}" for name in body["audience"]}
        return web.json_response({"tokens": tokens, "expires_at": int(time.time()) + 60})

    async def mail_request(self, request: web.Request) -> web.Response:
        found = self.requests.get(request.match_info["id"])
        if found is None:
            return self.answer(request, None, missing=410)
        fresh = f"secret-{len(self.asked)}" if found["purpose"] in ("verify-email", "reset-password") else None
        person = {"account_id": found["account_id"], **PEOPLE[found["account_id"]]}
        return self.answer(request, {**person, "purpose": found["purpose"], "token": fresh})

    async def contacts(self, request: web.Request) -> web.Response:
        asked = await request.json()
        people = {account_id: _person(account_id) for account_id in asked["accounts"] if account_id in PEOPLE}
        owners = {
            seller_id: [_person(owner) for owner in OWNERS[seller_id]]
            for seller_id in asked["sellers"]
            if seller_id in OWNERS
        }
        return self.answer(request, {"accounts": people, "owners": owners})

    async def sellers(self, request: web.Request) -> web.Response:
        known = [seller_id for seller_id in request.query["ids"].split(",") if seller_id in SHOPS]
        items = [{"seller_id": seller_id, "name": SHOPS[seller_id]} for seller_id in known]
        return self.answer(request, {"items": items, "next": None})

    def answer(self, request: web.Request, body: Any, *, missing: int = 404) -> web.Response:
        assert request.headers["authorization"] == "Bearer token-for-identity"
        self.asked.append(request.path)
        status = self.status if self.status != 200 else 200 if body else missing
        return web.json_response(body if status == 200 else {"code": "refused"}, status=status)


@dataclass
class World:
    service: Service
    post: PostOffice
    identity: Neighbour

    @property
    def db(self) -> Database:
        assert self.service.db is not None
        return self.service.db

    def as_(self, principal: Principal) -> ApiClient:
        return ApiClient(self.service.api, principal)

    async def notices(self, principal: Principal | None = None, query: str = "") -> Any:
        answer = await self.as_(principal or buyer("acc_zoe")).request("GET", f"/v1/notifications{query}")
        assert answer.status == 200, answer.body
        return answer.json()

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with self.db.reading() as tx:
            return await tx.rows(query)

    async def execute(self, query: str) -> None:
        async with self.db.hot_transaction() as tx:
            await tx.execute(query)

    async def hurry(self) -> None:
        """Make mails that wait for their next try due now."""
        await self.execute("UPDATE mails SET next_at = now() WHERE status = 'due'")

    async def quiet(self, *statuses: str) -> list[EmailMessage]:
        """Until every mail has one of these states (default: sent); the mails that arrived."""

        async def settled() -> bool:
            rows = await self.rows("SELECT status, last_error FROM mails")
            assert all(row["status"] in (statuses or ("sent",)) for row in rows), rows
            return True

        self.wake()
        await eventually(settled)
        return self.post.mails

    def wake(self) -> None:
        for loop in self.service.loops:
            loop.wake()


@pytest_asyncio.fixture(loop_scope="session")
async def post() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(office, enable_SMTPUTF8=False), host="127.0.0.1", port=0
    )
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()
    await server.wait_closed()


@pytest_asyncio.fixture(loop_scope="session")
async def identity() -> AsyncIterator[Neighbour]:
    neighbour = Neighbour()
    runner = web.AppRunner(neighbour.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    neighbour.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield neighbour
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def idle(post: PostOffice, identity: Neighbour, tmp_path: Path) -> AsyncIterator[World]:
    """The service with its loops standing still."""
    key = tmp_path / "key.json"
    key.write_text(json.dumps(OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)))
    settings = Settings(
        port=1,
        database_url=SecretStr(address_of("messaging")),
        client_key_file=key,
        kafka_brokers="none:1",
        identity_url=identity.url,
        smtp_url=SecretStr(f"smtp://127.0.0.1:{post.port}"),
        site_url=f"{SITE}/",
    )
    async with opened(service := build(settings)):
        yield World(service, post, identity)


@pytest_asyncio.fixture(loop_scope="session")
async def world(idle: World) -> AsyncIterator[World]:
    tasks = [asyncio.create_task(loop.run()) for loop in idle.service.loops]
    yield idle
    for loop in idle.service.loops:
        loop.stop()
    await asyncio.gather(*tasks)

"""A whole identity in process on real PostgreSQL: its API as any caller, its loops running, its mails opened like messaging does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from chassis.db import Database
from contracts.identity import AccountMailRequested
from contracts.ids import new_id
from edge.auth import Principal, check_token, principal_from
from edge.client import ClientKey
from identity.adapters.keys import read_signing_keys
from identity.app import build
from identity.settings import Settings
from runtime.run import Service, opened
from testkit import Answer, ApiClient, Emitted, anonymous, emitted, eventually, service_principal
from testkit.databases import address_of

PASSWORD = "vélo tranquille sous la pluie"
BOOTSTRAP = "root@halles.example"


@dataclass
class World:
    """What a test needs to act as anybody."""

    service: Service
    keys: Path
    requests_seen: set[str] = field(default_factory=set)

    @property
    def db(self) -> Database:
        assert self.service.db is not None
        return self.service.db

    @property
    def api(self) -> ApiClient:
        return ApiClient(self.service.api, anonymous())

    def as_(self, principal: Principal) -> ApiClient:
        return self.api.acting_as(principal)

    async def call(
        self, method: str, path: str, body: Any = None, *, by: Principal | None = None, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.as_(by or anonymous()).request(method, path, json=body, headers=named)

    async def register(self, email: str, *, password: str = PASSWORD, name: str = "Zoé") -> Answer:
        body = {"email": email, "password": password, "display_name": name, "locale": "fr"}
        return await self.call("POST", "/v1/accounts", body)

    async def events(self) -> list[Emitted]:
        return await emitted(self.db)

    async def settled(self) -> None:
        """Until the loop has settled everything that was asked for."""

        async def empty() -> bool:
            row = await self.row("SELECT count(*) AS waiting FROM address_requests")
            return bool(row["waiting"] == 0)

        await eventually(empty)

    async def mails(self) -> list[dict[str, Any]]:
        """Mails asked for since the last call, opened as messaging opens them."""
        await self.settled()
        return await self.unsettled_mails()

    async def unsettled_mails(self) -> list[dict[str, Any]]:
        """The same without waiting for what is still to be settled."""
        found = []
        for event in await self.events():
            if isinstance(event.data, AccountMailRequested) and event.data.request_id not in self.requests_seen:
                self.requests_seen.add(event.data.request_id)
                found.append(await self.open_mail(event.data.request_id))
        return found

    async def open_mail(self, request_id: str) -> dict[str, Any]:
        path = f"/internal/mail-requests/{request_id}"
        answer = await self.call("POST", path, by=service_principal("messaging"))
        return {**answer.json(), "http_status": answer.status, "request_id": request_id}

    async def person(self, email: str = "", *, password: str = PASSWORD) -> dict[str, Any]:
        """A verified account, signed in: the answer of POST /v1/sessions with its principal."""
        email = email or f"{new_id('p')}@example.org"
        assert (await self.register(email, password=password)).status == 202
        (mail,) = [mail for mail in await self.mails() if mail["email"] == email]
        assert (await self.call("POST", "/v1/accounts/verification", {"token": mail["token"]})).status == 204
        return await self.sign_in(email, password)

    async def sign_in(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        answer = await self.call("POST", "/v1/sessions", {"email": email, "password": password})
        assert answer.status == 201, answer.body
        opened_session = answer.json()
        return {**opened_session, "email": email, "principal": await self.principal(opened_session["session_token"])}

    async def principal(self, session_token: str) -> Principal:
        status, answer = await self.exchange("session", session_token)
        assert status == 200, answer
        token = answer["tokens"]["identity"]
        return principal_from(
            check_token(token, read_signing_keys(self.keys / "signing.json", None).all, audience="identity")
        )

    async def exchange(
        self, kind: str, value: str = "", *, caller: str = "gateway", audience: tuple[str, ...] = ("identity",)
    ) -> tuple[int, Any]:
        assertion = ClientKey(caller, self.keys / f"{caller}.json").assertion()
        body = {"audience": list(audience), "credential": {"kind": kind, "value": value}}
        headers = {"authorization": f"Bearer {assertion}"}
        answer = await self.api.acting_as(None).request("POST", "/internal/tokens", json=body, headers=headers)
        return answer.status, answer.json()

    async def row(self, query: str, *params: Any) -> dict[str, Any]:
        async with self.db.reading() as tx:
            row = await tx.row(query, params)
        assert row is not None
        return row

    async def execute(self, query: str, *params: Any) -> None:
        async with self.db.hot_transaction() as tx:
            await tx.execute(query, params)


def write_keys(folder: Path) -> None:
    for name in ("signing", "other", "gateway", "order", "messaging"):
        key = OKPKey.generate_key("Ed25519", private=True)
        (folder / f"{name}.json").write_text(json.dumps(key.as_dict(private=True)))
    clients = {name: OKPKey.import_key(json.loads((folder / f"{name}.json").read_text())).as_dict(private=False)
               for name in ("gateway", "order", "messaging")}  # fmt: skip
    (folder / "clients.json").write_text(json.dumps(clients))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    write_keys(folder)
    return folder


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    async with opened(service):
        tasks = [asyncio.create_task(loop.run()) for loop in service.loops]
        yield service
        for loop in service.loops:
            loop.stop()
        await asyncio.gather(*tasks)


@pytest_asyncio.fixture(loop_scope="session")
async def world(keys: Path) -> AsyncIterator[World]:
    settings = Settings(
        port=1,
        database_url=SecretStr(address_of("identity")),
        client_key_file=keys / "order.json",
        kafka_brokers="none:1",
        identity_url="http://none",
        signing_key_file=keys / "signing.json",
        client_keys_file=keys / "clients.json",
        bootstrap_admin_email=BOOTSTRAP,
    )
    async with running(build(settings)) as service:
        yield World(service, keys)

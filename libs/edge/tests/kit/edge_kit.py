"""An API made of our parts, and an identity that publishes keys and signs tokens, for tests of the HTTP edge."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from fastapi import APIRouter, FastAPI
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.settings import ProcessSettings
from edge.auth import ALGORITHM, ISSUER, TOKEN_TYPE
from edge.http import create_api
from testkit import Answer

NOBODY = "http://127.0.0.1:9"
"""An address where nobody listens."""


def settings(identity_url: str = NOBODY) -> ProcessSettings:
    return ProcessSettings(
        port=1,
        client_key_file=Path("unused"),
        kafka_brokers="127.0.0.1:9",
        identity_url=identity_url,
        environment="test",
    )


def api_of(router: APIRouter, *, identity_url: str = NOBODY, db: Any = None) -> FastAPI:
    """A whole API around one router; nobody listens where its identity is, unless told."""
    return create_api("spine", routers=[router], settings=settings(identity_url), db=db)


async def answer_of(app: Any, path: str, *, headers: dict[str, str] | None = None) -> Answer:
    """What a client of the server sees; nothing is added to its headers."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answered = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]))


def new_key(kid: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})


@dataclass
class Identity:
    """Publishes keys over HTTP and signs. ``fetches`` counts how often it was asked; ``away`` makes it answer 503."""

    url: str = NOBODY
    keys: list[OKPKey] = field(default_factory=lambda: [new_key("first")])
    fetches: int = 0
    away: bool = False

    async def publish(self, _: web.Request) -> web.Response:
        self.fetches += 1
        if self.away:
            return web.Response(status=503)
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys]})

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Claims of a good token; a change to None leaves the claim out."""
        now = int(time.time())
        good = {"iss": ISSUER, "sub": "acc_1", "aud": "spine", "iat": now, "exp": now + 60, "roles": ["buyer"]}
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def token(self, *, key: OKPKey | None = None, header: dict[str, Any] | None = None, **changed: Any) -> str:
        signing = key or self.keys[0]
        head = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": signing.kid, **(header or {})}
        return jwt.encode(head, self.claims(**changed), signing, algorithms=[ALGORITHM])


@asynccontextmanager
async def running_identity() -> AsyncIterator[Identity]:
    identity = Identity()
    app = web.Application()
    app.router.add_get("/.well-known/jwks.json", identity.publish)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    identity.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield identity
    finally:
        await runner.cleanup()

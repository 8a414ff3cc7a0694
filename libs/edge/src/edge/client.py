"""Calls from one service to another on its own behalf: a service token, a deadline, one bounded pool per upstream."""

import time
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis import context, tracing
from chassis.metrics import UPSTREAM_SECONDS
from edge.auth import ALGORITHM
from edge.errors import Unavailable

ASSERTION_TYPE = "client+jwt"
_RENEW_BEFORE = 5


class ClientKey:
    """A process's Ed25519 key. ``assertion()`` proves the process to identity for 60 seconds."""

    def __init__(self, name: str, file: Path) -> None:
        self._name = name
        self._file = file
        self._key: OKPKey | None = None

    def assertion(self) -> str:
        if self._key is None:
            self._key = OKPKey.import_key(orjson.loads(self._file.read_bytes()))
        now = int(time.time())
        claims = {"iss": self._name, "sub": self._name, "aud": "identity", "iat": now, "exp": now + 60}
        header = {"alg": ALGORITHM, "typ": ASSERTION_TYPE, "kid": self._key.kid or self._name}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class ServiceClient:
    """HTTP client for one upstream service. ``seconds`` bounds a whole call.

    ``request`` returns status and parsed JSON (None without a body) for every answer below 500; raises ``Unavailable``
    for anything that leaves the outcome unknown or says that the upstream is away.
    """

    def __init__(
        self, *, key: ClientKey, upstream: str, base_url: str, identity_url: str, seconds: float = 3.0
    ) -> None:
        self._key = key
        self._upstream = upstream
        self._base_url = base_url
        self._identity_url = identity_url
        self._seconds = seconds
        self._http: aiohttp.ClientSession | None = None
        self._token: tuple[float, str] = (0.0, "")

    async def open(self) -> None:
        connector = aiohttp.TCPConnector(limit=20, keepalive_timeout=30)
        timeout = aiohttp.ClientTimeout(total=self._seconds, connect=1.0)
        jar = aiohttp.DummyCookieJar()
        self._http = aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar, json_serialize=_dumps)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def request(self, method: str, path: str, *, json: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {await self._service_token()}"}
        return await self._call(method, f"{self._base_url}{path}", headers, json)

    async def _service_token(self) -> str:
        expires, token = self._token
        if expires - _RENEW_BEFORE > time.time():
            return token
        body = {"audience": [self._upstream], "credential": {"kind": "service"}}
        headers = {"Authorization": f"Bearer {self._key.assertion()}"}
        status, answer = await self._call("POST", f"{self._identity_url}/internal/tokens", headers, body)
        if status != 200:
            raise Unavailable(f"Identity refused a service token ({status}).")
        self._token = (answer["expires_at"], answer["tokens"][self._upstream])
        return self._token[1]

    async def _call(self, method: str, url: str, headers: dict[str, str], json: Any) -> tuple[int, Any]:
        if self._http is None:
            raise RuntimeError("the client is not open")
        started, outcome = time.perf_counter(), "failed"
        cause = context.current()
        headers["Halles-Request-Id"] = cause.correlation_id
        headers["X-Request-Deadline"] = str(int((time.time() + self._seconds) * 1000))
        with tracing.calling(self._upstream, method) as span:
            tracing.carry(headers, cause.traceparent)
            try:
                async with self._http.request(method, url, headers=headers, json=json, allow_redirects=False) as answer:
                    raw, outcome = await answer.read(), str(answer.status)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Unavailable(f"{self._upstream} did not answer ({type(error).__name__}).") from error
            finally:
                UPSTREAM_SECONDS.labels(self._upstream, outcome).observe(time.perf_counter() - started)
                tracing.called(span, outcome)
        if answer.status >= 500:
            raise Unavailable(f"{self._upstream} answered {answer.status}.")
        return answer.status, orjson.loads(raw) if raw else None


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()

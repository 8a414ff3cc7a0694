"""The gateway's public API, asked on behalf of one visitor: with their cookies, address and language."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp

COOKIES = ("__Host-halles-session", "__Host-halles-cart")
SESSION = COOKIES[0]
_UPLOAD_SECONDS = 40.0
Stream = AbstractAsyncContextManager[aiohttp.ClientResponse]


@dataclass(frozen=True, slots=True)
class Violation:
    """``field`` is the name of the form's field that the pointer means."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What the API refused. Sentences for people come from our catalogue by ``code``."""

    status: int
    code: str
    detail: str
    request_id: str
    violations: tuple[Violation, ...] = ()


class Refused(Exception):
    """A page cannot be shown without this answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    problem: Problem | None

    def need(self) -> Any:
        """The body; raises ``Refused`` when there is none to show."""
        if self.problem is not None:
            raise Refused(self.problem)
        return self.body


@dataclass(slots=True)
class Api:
    """One visitor's calls. Cookies that the API sets hold for the calls after, and are collected in ``set_cookies`` for the
    visitor's browser."""

    http: aiohttp.ClientSession
    base_url: str
    cookies: dict[str, str]
    headers: Mapping[str, str]
    seconds: float
    set_cookies: list[str] = field(default_factory=list)

    @property
    def has_session(self) -> bool:
        return SESSION in self.cookies

    async def get(self, path: str, **query: object) -> Answer:
        """Query values that are None are left out."""
        pairs = {name.rstrip("_"): value for name, value in query.items() if value not in (None, "")}
        return await self._call("GET", f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path)

    async def send(self, method: str, path: str, body: Any = None, *, key: str = "", wait: int = 0) -> Answer:
        """``key``: the idempotency key. ``wait``: seconds to wait for a decision."""
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        if wait:
            headers["Prefer"] = f"wait={wait}"
        data = json.dumps({} if body is None else body).encode()
        return await self._call(method, path, headers=headers, data=data, seconds=self.seconds + wait)

    async def upload(self, path: str, content: bytes, media_type: str) -> Answer:
        """The body is the file itself."""
        headers = {"Content-Type": media_type}
        return await self._call("POST", path, headers=headers, data=content, seconds=_UPLOAD_SECONDS)

    def stream(self, path: str, *, last_event_id: str = "") -> Stream:
        """An open answer (context manager) for events; no limit on its length, a minute of silence ends it."""
        headers = self._headers({"Last-Event-ID": last_event_id} if last_event_id else {})
        timeout = aiohttp.ClientTimeout(total=None, connect=2, sock_read=60)
        return self.http.get(self.base_url + path, headers=headers, timeout=timeout)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
        seconds: float = 0,
    ) -> Answer:
        timeout = aiohttp.ClientTimeout(total=seconds or self.seconds, connect=2)
        try:
            async with self.http.request(
                method,
                self.base_url + path,
                headers=self._headers(headers or {}),
                data=data,
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                self._keep(answer.headers.getall("Set-Cookie", []))
                return _read(answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError):
            return Answer(503, None, Problem(503, "unavailable", "The API did not answer.", ""))

    def _keep(self, told: Sequence[str]) -> None:
        self.set_cookies.extend(told)
        for name, morsel in (pair for line in told for pair in SimpleCookie(line).items()):
            self.cookies.pop(name, None)
            if name in COOKIES and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        headers = {**self.headers, **more}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers


def part(value: str) -> str:
    """An id as a segment of a path."""
    return quote(value, safe="")


def _read(status: int, raw: bytes) -> Answer:
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        return Answer(503, None, Problem(503, "unavailable", "The API answered something else than JSON.", ""))
    return Answer(status, body, None) if status < 400 else Answer(status, None, _problem(status, body))


def _problem(status: int, body: Any) -> Problem:
    told = body if isinstance(body, dict) else {}
    violations = tuple(
        Violation(_field(str(item.get("pointer", ""))), str(item.get("code", "")), str(item.get("detail", "")))
        for item in told.get("errors") or ()
    )
    code = str(told.get("code") or "internal-error")
    return Problem(status, code, str(told.get("detail", "")), str(told.get("instance", "")), violations)


def _field(pointer: str) -> str:
    """``/shipping_address/city`` -> ``city``; ``/title/fr`` -> ``title_fr``; ``?from`` -> ``from``."""
    *before, last = pointer.lstrip("?").strip("/").split("/")
    return f"{before[-1]}_{last}" if before and last in ("fr", "en") else last

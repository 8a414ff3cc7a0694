"""Somebody at the public API who does as its documents say: same key, three tries with a pause, everything in the journal."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

from halles_rig.journal import Entry, Journal
from halles_rig.world import PASSWORD

TRIES = 3
PAUSES = (0.4, 1.5)
TRY_SECONDS = 12.0
_AWAY = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass
class Person:
    """``offset`` counts the entries of earlier loads out of this person's business."""

    email: str
    http: aiohttp.ClientSession
    gateway: str
    journal: Journal
    token: str = ""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    signed_in: float = -1e9

    async def sign_in(self) -> None:
        """Fresh tokens; done before a load, so that nobody's token ends within it."""
        body = {"grant_type": "password", "email": self.email, "password": PASSWORD}
        async with self.http.post(f"{self.gateway}/v1/tokens", json=body) as answer:
            answer.raise_for_status()
            self.token = (await answer.json())["access_token"]
        self.signed_in = time.monotonic()

    async def call(self, what: str, method: str, path: str, body: Any = None, *, key: str | None = None) -> Entry:
        """One wish, with its retries; never raises. POSTs get a key of their own when none is given."""
        key = key or (uuid4().hex if method == "POST" else None)
        entry = self.journal.before(self.email, what, path, key=key, body=body)
        started = time.monotonic()
        for pause in (*PAUSES, None):
            entry.tries += 1
            await self._try(entry, method)
            if entry.result != "unknown" and entry.code != "idempotency-in-flight":
                break
            if pause is not None:
                await asyncio.sleep(pause)
        entry.seconds = time.monotonic() - started
        self.journal.after(entry)
        return entry

    async def _try(self, entry: Entry, method: str) -> None:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        if entry.key:
            headers["Idempotency-Key"] = entry.key
        timeout = aiohttp.ClientTimeout(total=TRY_SECONDS)
        try:
            async with self.http.request(
                method, self.gateway + entry.path, json=entry.body, headers=headers, timeout=timeout
            ) as answer:
                entry.status = answer.status
                content = await answer.json(content_type=None) if answer.status != 204 else None
        except (*_AWAY, ValueError) as error:
            entry.status, entry.code, entry.result = 0, repr(error)[:120], "unknown"
            return
        entry.code = str(content.get("code", "")) if isinstance(content, dict) else ""
        if entry.status < 400:
            entry.answer, entry.result = _kept(entry.what, content), "ok"
        else:
            entry.result = "unknown" if entry.status in (429, 500, 502, 503, 504) else "failed"


def _kept(what: str, content: Any) -> Any:
    """Reads are judged by their status; keeping their bodies would fill the disk."""
    if what in ("list", "product", "search", "suggest", "notifications"):
        return None
    return content

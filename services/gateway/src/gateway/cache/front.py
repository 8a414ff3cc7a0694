"""In front of everything else: answers from finished bytes, and keeps the public answers that pass."""

import asyncio
import time
from collections.abc import Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from gateway.cache.entry import Entry, etag_of, send_finished
from gateway.cache.keys import is_cacheable, key_of
from gateway.cache.store import Store
from gateway.cache.tags import tags_of, written_at
from gateway.call import Call
from gateway.dispatch import Dispatcher
from gateway.table.route import CachePolicy

_PUBLIC = b"public, max-age=30, stale-while-revalidate=60, stale-if-error=600"


class Front:
    """A hit costs no upstream call. A miss asks once, however many wait for it."""

    def __init__(self, dispatcher: Dispatcher, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._dispatcher = dispatcher
        self._store = store
        self._clock = clock
        self._filling: dict[bytes, asyncio.Task[Entry | Response]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["method"] in ("GET", "HEAD")
        key = key_of(scope)
        if is_read and (entry := self._store.get(key)) is not None:
            scope["halles.route"] = "cached"
            await send_finished(entry, scope, send)
        elif is_read and (policy := self._cacheable(scope)) is not None:
            await self._miss(key, policy, scope, receive, send)
        else:
            tags = set() if is_read else written_at(scope["path"])
            await self._dispatcher(scope, receive, self._forgetting(tags, send) if tags else send)

    def _forgetting(self, tags: set[str], send: Send) -> Send:
        """Forget what a write changed just before its answer goes out, also answers that are being fetched."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._store.drop(tags)
                self._filling.clear()
            await send(message)

        return answer

    def _cacheable(self, scope: Scope) -> CachePolicy | None:
        policy = self._dispatcher.cache_policy(scope) if self._store.is_usable else None
        return policy if policy is not None and is_cacheable(policy, scope["query_string"]) else None

    async def _miss(self, key: bytes, policy: CachePolicy, scope: Scope, receive: Receive, send: Send) -> None:
        call = await self._dispatcher.admit_or_refuse(Request(scope, receive))
        answer = call if isinstance(call, Response) else await self._filled(key, policy, call)
        if isinstance(answer, Entry):
            await send_finished(answer, scope, send)
        else:
            await answer(scope, receive, send)

    async def _filled(self, key: bytes, policy: CachePolicy, call: Call) -> Entry | Response:
        """The one answer that everybody who asks now gets; a caller that leaves does not end it."""
        task = self._filling.get(key)
        if task is None:
            task = asyncio.create_task(self._fill(key, policy, call))
            self._filling[key] = task
            task.add_done_callback(lambda _: self._filling.pop(key, None))
        return await asyncio.shield(task)

    async def _fill(self, key: bytes, policy: CachePolicy, call: Call) -> Entry | Response:
        mark = self._store.mark()
        response = await self._dispatcher.answer(call)
        if response.status_code != 200 or call.partial:
            return response
        entry = self._finish(policy, bytes(response.body), call.values)
        self._store.put(key, entry, mark=mark)
        return entry

    def _finish(self, policy: CachePolicy, body: bytes, values: dict[str, str]) -> Entry:
        etag = etag_of(body)
        public = _PUBLIC if policy.seconds >= 30 else b"public, max-age=%d" % int(policy.seconds)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", public),
            (b"etag", etag),
        ]
        tags = tags_of(policy.topic, orjson.loads(body), values)
        return Entry(body, etag, headers, tags, self._clock() + policy.seconds)

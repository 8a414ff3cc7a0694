"""Exchanges what a client shows for internal tokens, one per upstream, and remembers them until shortly before they expire."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from edge.client import ClientKey
from gateway.credentials.credential import ANONYMOUS, Credential
from gateway.refusals import SessionExpired, UpstreamAway
from gateway.upstream.answer import Answer
from gateway.upstream.ask import Ask
from gateway.upstream.client import Upstreams
from gateway.upstream.deadline import Deadline

_EARLY_SECONDS = 5
_FRESH_SECONDS = 5.0
_REMEMBERED = 5_000
_REFUSED = (400, 401, 403)


@dataclass(frozen=True, slots=True)
class Passport:
    """Tokens by upstream for one caller. ``subject`` is an account's id or ``anonymous``."""

    tokens: dict[str, str]
    subject: str
    roles: frozenset[str]
    expires_at: float
    made_at: float = field(default_factory=time.time)

    @property
    def is_anonymous(self) -> bool:
        return self.subject == ANONYMOUS.kind.value


class TokenExchange:
    """One call to identity per credential and minute, for all upstreams at once. Identity away: known ones go on, others get 503."""

    def __init__(
        self,
        upstreams: Upstreams,
        key: ClientKey,
        *,
        audiences: tuple[str, ...],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._upstreams = upstreams
        self._key = key
        self._audiences = audiences
        self._clock = clock
        self._known: OrderedDict[bytes, Passport] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[Passport]] = {}

    async def passport(self, credential: Credential, *, fresh: bool = False) -> Passport:
        """Raises ``SessionExpired`` for a credential that identity no longer accepts, ``UpstreamAway`` when it is away."""
        mark = credential.fingerprint()
        known = self._known.get(mark)
        if known is not None and self._usable(known, fresh):
            self._known.move_to_end(mark)
            return known
        task = self._asking.get(mark)
        if task is None:
            task = asyncio.create_task(self._exchange(mark, credential))
            self._asking[mark] = task
            task.add_done_callback(lambda done: self._asked(mark, done))
        return await asyncio.shield(task)

    def knows(self, credential: Credential) -> bool:
        """Whether identity has accepted it within the last minute."""
        known = self._known.get(credential.fingerprint())
        return known is not None and self._usable(known, fresh=False)

    def forget(self, credential: Credential) -> None:
        """Signed out: its tokens are not used again by this process."""
        self._known.pop(credential.fingerprint(), None)

    def _usable(self, passport: Passport, fresh: bool) -> bool:
        now = self._clock()
        return passport.expires_at - _EARLY_SECONDS > now and (not fresh or now - passport.made_at < _FRESH_SECONDS)

    def _asked(self, mark: bytes, done: asyncio.Task[Passport]) -> None:
        self._asking.pop(mark, None)
        if not done.cancelled():
            done.exception()

    async def _exchange(self, mark: bytes, credential: Credential) -> Passport:
        shown = {"kind": credential.kind.value} | ({"value": credential.value} if credential.value else {})
        ask = Ask(
            method="POST",
            path="/internal/tokens",
            deadline=Deadline.after(2_000),
            token=self._key.assertion(),
            headers={"Content-Type": "application/json"},
            body=orjson.dumps({"audience": self._audiences, "credential": shown}),
        )
        answer = await self._upstreams.send("identity", ask)
        if answer.status in _REFUSED and credential is not ANONYMOUS:
            self._known.pop(mark, None)
            raise SessionExpired("The session has ended. Sign in again.")
        passport = _passport(answer, made_at=self._clock())
        self._known[mark] = passport
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return passport


def _passport(answer: Answer, *, made_at: float) -> Passport:
    if not answer.is_success:
        raise UpstreamAway("identity", "failed")
    parsed = answer.document()
    try:
        principal = parsed["principal"]
        return Passport(
            tokens=dict(parsed["tokens"]),
            subject=str(principal["subject"]),
            roles=frozenset(principal.get("roles", ())),
            expires_at=float(parsed["expires_at"]),
            made_at=made_at,
        )
    except (KeyError, TypeError, ValueError):
        raise UpstreamAway("identity", "garbage") from None

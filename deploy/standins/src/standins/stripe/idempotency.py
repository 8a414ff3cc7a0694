"""Idempotency keys as Stripe treats them: stored with the effect, replayed, refused when the request differs.

Source: `payments.md` 4.5 and 5.2.10. Keys are forgotten after 24 virtual hours.
"""

import hashlib
import sqlite3
from dataclasses import dataclass

import orjson

from standins.stripe.errors import idempotency_mismatch, invalid_parameter
from standins.stripe.shape import JsonObject

_REMEMBERED_SECONDS = 86_400
_LONGEST_KEY = 255


@dataclass(frozen=True)
class KeyUse:
    """One request under a key: who, which key, which operation, and the hash of its parameters."""

    account: str
    key: str
    operation: str
    fingerprint: str

    @classmethod
    def of(cls, account: str, key: str, *, operation: str, params: JsonObject) -> "KeyUse":
        """Hash the parameters independently of their order."""
        if len(key) > _LONGEST_KEY:
            message = f"Idempotency keys can be at most {_LONGEST_KEY} characters long."
            raise invalid_parameter(message, code=None, param="Idempotency-Key")
        canonical = orjson.dumps(params, option=orjson.OPT_SORT_KEYS)
        return cls(account, key, operation, hashlib.blake2b(canonical, digest_size=16).hexdigest())


@dataclass(frozen=True)
class StoredAnswer:
    """The answer that the first request with a key got."""

    status: int
    body: bytes
    request_id: str


class IdempotencyKeys:
    """The stored answers; `store` runs in the transaction of the effect."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def replay(self, use: KeyUse, now: float) -> StoredAnswer | None:
        """Return the stored answer, None for a new key, or refuse a key used for something else."""
        row = self._connection.execute(
            "SELECT operation, fingerprint, status, body, request_id, created_at FROM idempotency"
            " WHERE account = ? AND key = ?",
            (use.account, use.key),
        ).fetchone()
        if row is None or now - row["created_at"] >= _REMEMBERED_SECONDS:
            return None
        if row["operation"] != use.operation:
            raise idempotency_mismatch(
                "Keys for idempotent requests can only be used for the same endpoint they were first used for"
                f" ('{use.operation}' vs '{row['operation']}'). Try using a key other than '{use.key}' if you meant to"
                " execute a different request."
            )
        if row["fingerprint"] != use.fingerprint:
            raise idempotency_mismatch(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. Try"
                f" using a key other than '{use.key}' if you meant to execute a different request."
            )
        return StoredAnswer(row["status"], row["body"], row["request_id"])

    def store(self, use: KeyUse, answer: StoredAnswer, now: float) -> None:
        """Remember the answer of the first request."""
        self._connection.execute(
            "INSERT OR REPLACE INTO idempotency (account, key, operation, fingerprint, status, body, request_id,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (use.account, use.key, use.operation, use.fingerprint, answer.status, answer.body, answer.request_id, now),
        )

    def forget_old(self, now: float) -> int:
        """Delete what is older than 24 virtual hours; return how many."""
        return self._connection.execute(
            "DELETE FROM idempotency WHERE created_at <= ?", (now - _REMEMBERED_SECONDS,)
        ).rowcount

"""Injected faults: rules set through the control API, matched against requests and webhooks."""

import fnmatch
import hashlib
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from standins.stripe.events import Distortion
from standins.stripe.shape import JsonObject


class FaultKind(StrEnum):
    """What a rule does."""

    DELAY = "delay"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    HANG_AFTER = "hang_after"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    RATE_LIMIT = "rate_limit"
    CONFLICT = "conflict"
    MALFORMED = "malformed"
    WEBHOOK_DROP = "webhook_drop"
    WEBHOOK_DELAY = "webhook_delay"
    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_REORDER = "webhook_reorder"
    WEBHOOK_BAD_SIGNATURE = "webhook_bad_signature"
    WEBHOOK_STALE = "webhook_stale"


_FIELDS: dict[str, type] = {
    "kind": str,
    "method": str,
    "path": str,
    "account": str,
    "event_type": str,
    "skip": int,
    "times": int,
    "probability": float,
    "seed": str,
    "seconds": float,
    "copies": int,
    "should_retry": bool,
}
_REORDER_STEP = 0.05


class RuleError(ValueError):
    """A rule that cannot be understood."""


@dataclass(frozen=True)
class Rule:
    """One rule: matches by glob, starts after `skip` matches, applies `times` times (None: always)."""

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    account: str = "*"
    event_type: str = "*"
    skip: int = 0
    times: int | None = None
    probability: float = 1.0
    seed: str = "0"
    seconds: float = 0.0
    copies: int = 2
    should_retry: bool | None = None

    @classmethod
    def parse(cls, given: JsonObject) -> "Rule":
        """Read a rule from JSON; anything unknown or of a wrong type is refused."""
        for name, value in given.items():
            expected = _FIELDS.get(name)
            accepted = (int, float) if expected is float else expected
            if expected is None or accepted is None or not isinstance(value, accepted):
                raise RuleError(f"unknown or mistyped field {name!r}; known: {', '.join(_FIELDS)}")
        try:
            values: dict[str, Any] = dict(given) | {"kind": FaultKind(given.get("kind", ""))}
        except ValueError:
            raise RuleError(f"unknown kind; known: {', '.join(FaultKind)}") from None
        return cls(**values)

    def matches_request(self, method: str, path: str, account: str) -> bool:
        """Say whether the rule speaks about this request."""
        is_about_requests = not self.kind.startswith("webhook_")
        patterns = ((self.method, method), (self.path, path), (self.account, account))
        return is_about_requests and all(fnmatch.fnmatchcase(value, pattern) for pattern, value in patterns)

    def matches_event(self, event_type: str) -> bool:
        """Say whether the rule speaks about this event."""
        return self.kind.startswith("webhook_") and fnmatch.fnmatchcase(event_type, self.event_type)

    def fires(self, seen: int, applied: int) -> bool:
        """Decide about the match number `seen` (from 1); chance is drawn from the seed, so runs repeat."""
        if seen <= self.skip or (self.times is not None and applied >= self.times):
            return False
        drawn = int.from_bytes(hashlib.blake2b(f"{self.seed}|{seen}".encode(), digest_size=4).digest(), "big")
        return drawn / 2**32 < self.probability


class FaultRules:
    """The stored rules and how often each was seen and applied."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rules: dict[int, Rule] = {}
        self.reload()

    def reload(self) -> None:
        """Read the rules from the file."""
        rows = self._connection.execute("SELECT id, rule FROM fault ORDER BY id")
        self._rules = {row["id"]: Rule.parse(orjson.loads(row["rule"])) for row in rows}

    def add(self, given: JsonObject) -> int:
        """Store a rule and return its number."""
        Rule.parse(given)
        cursor = self._connection.execute("INSERT INTO fault (rule) VALUES (?)", (orjson.dumps(given),))
        self.reload()
        return int(cursor.lastrowid or 0)

    def remove(self, number: int | None) -> int:
        """Delete one rule or all; return how many."""
        count = self._connection.execute("DELETE FROM fault WHERE ? IS NULL OR id = ?", (number, number)).rowcount
        self.reload()
        return count

    def listed(self) -> list[JsonObject]:
        """Return every rule with its counts."""
        rows = self._connection.execute("SELECT id, rule, seen, applied FROM fault ORDER BY id")
        return [orjson.loads(row["rule"]) | {key: row[key] for key in ("id", "seen", "applied")} for row in rows]

    def for_request(self, method: str, path: str, account: str) -> Rule | None:
        """Return the first rule that fires for the request, counting the match."""
        if not self._rules:
            return None
        return self._first({n: r for n, r in self._rules.items() if r.matches_request(method, path, account)})

    def distort(self, event_type: str) -> Distortion:
        """Return how the rules of the moment change the sending of an event."""
        if not self._rules:
            return Distortion()
        rule = self._first({number: rule for number, rule in self._rules.items() if rule.matches_event(event_type)})
        return Distortion() if rule is None else self._distortion(rule)

    def _first(self, matching: dict[int, Rule]) -> Rule | None:
        for number, rule in matching.items():
            counts = self._connection.execute(
                "UPDATE fault SET seen = seen + 1 WHERE id = ? RETURNING seen, applied", (number,)
            ).fetchone()
            if rule.fires(counts["seen"], counts["applied"]):
                self._connection.execute("UPDATE fault SET applied = applied + 1 WHERE id = ?", (number,))
                return rule
        return None

    def _distortion(self, rule: Rule) -> Distortion:
        if rule.kind == FaultKind.WEBHOOK_REORDER:
            return Distortion(delay=self._reversed_delay(rule))
        return {
            FaultKind.WEBHOOK_DROP: Distortion(copies=0),
            FaultKind.WEBHOOK_DELAY: Distortion(delay=rule.seconds),
            FaultKind.WEBHOOK_DUPLICATE: Distortion(copies=rule.copies),
            FaultKind.WEBHOOK_BAD_SIGNATURE: Distortion(signing="wrong"),
            FaultKind.WEBHOOK_STALE: Distortion(signing="stale"),
        }[rule.kind]

    def _reversed_delay(self, rule: Rule) -> float:
        """Return ever shorter delays within the rule's window, so that later events overtake earlier ones."""
        applied: int = sum(row["applied"] for row in self.listed() if row["kind"] == FaultKind.WEBHOOK_REORDER)
        return max(rule.seconds - applied * _REORDER_STEP, 0.0)

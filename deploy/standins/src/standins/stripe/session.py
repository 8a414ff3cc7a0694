"""One unit of work over the resources: loaded once, changed in memory, written in the caller's transaction."""

import base64
import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from standins.stripe.shape import JsonObject

INDEXED: Mapping[str, tuple[str, ...]] = {
    "balance_transaction": ("source", "type", "currency", "payout"),
    "charge": ("payment_intent", "customer", "transfer_group"),
    "customer": ("email",),
    "event": ("type",),
    "payment_intent": ("customer", "transfer_group"),
    "payment_method": ("customer",),
    "refund": ("charge", "payment_intent", "status"),
    "transfer": ("transfer_group", "destination", "source_transaction"),
    "transfer_reversal": ("transfer",),
}
"""Fields by which each kind can be listed."""


class IdSource:
    """Ids that depend only on the seed and on how many were made before."""

    def __init__(self, seed: str, made: int) -> None:
        self._seed = seed
        self.made = made

    def next(self, prefix: str) -> str:
        """Return the next id with Stripe's prefix for the kind, such as `pi`."""
        self.made += 1
        digest = hashlib.blake2b(f"{self._seed}|{self.made}".encode(), digest_size=12).digest()
        # The count leads, so that ids sort by age and new rows land on the same index pages.
        return f"{prefix}_{self.made:08x}{base64.b64encode(digest, b'AZ').decode()}"


@dataclass
class _Loaded:
    kind: str
    account: str
    body: JsonObject
    keys: dict[str, str]
    is_new: bool
    is_dirty: bool = False


@dataclass(frozen=True)
class Page:
    """A slice of a list, newest first."""

    rows: list[JsonObject]
    has_more: bool


@dataclass(frozen=True)
class ListQuery:
    """What to list: fields equal to one of some values, a range of creation times, Stripe's cursors, and for events
    whether every address has accepted them."""

    kind: str
    account: str
    filters: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    created: Mapping[str, int] = field(default_factory=dict)
    limit: int = 10
    starting_after: str | None = None
    ending_before: str | None = None
    is_delivered: bool | None = None


_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class Session:
    """Identity map over `resource`; `flush` writes what changed, the caller commits."""

    def __init__(self, connection: sqlite3.Connection, ids: IdSource) -> None:
        self.connection = connection
        self.ids = ids
        self._first_made = ids.made
        self._loaded: dict[str, _Loaded] = {}

    def add(self, kind: str, account: str, body: JsonObject) -> JsonObject:
        """Take in a new resource."""
        self._loaded[body["id"]] = _Loaded(kind, account, body, {}, is_new=True, is_dirty=True)
        return body

    def touch(self, body: JsonObject) -> None:
        """Note that a loaded resource was changed."""
        self._loaded[body["id"]].is_dirty = True

    def get(self, kind: str, identifier: str, account: str | None = None) -> JsonObject | None:
        """Return the resource, or None when it does not exist or belongs to another account."""
        loaded = self._loaded.get(identifier) or self._load(identifier)
        if loaded is None or loaded.kind != kind or (account is not None and loaded.account != account):
            return None
        return loaded.body

    def account_of(self, identifier: str) -> str:
        """Return the account that owns a loaded resource."""
        return self._loaded[identifier].account

    def find(self, identifier: str) -> JsonObject | None:
        """Return a resource of any kind and account by its id."""
        loaded = self._loaded.get(identifier) or self._load(identifier)
        return None if loaded is None else loaded.body

    def page(self, query: ListQuery) -> Page:
        """Return one page of a list."""
        self.flush()
        text, values = _list_statement(query)
        rows = self.connection.execute(text, values).fetchall()
        has_more = len(rows) > query.limit
        chosen = rows[: query.limit]
        if query.ending_before is not None:
            chosen.reverse()
        return Page([self._take(row).body for row in chosen], has_more)

    def all(self, kind: str, account: str, **filters: str) -> Iterable[JsonObject]:
        """Yield every matching resource, oldest first; for sets that are small by nature."""
        self.flush()
        text, values = _list_statement(ListQuery(kind, account, filters, limit=1_000_000))
        for row in reversed(self.connection.execute(text, values).fetchall()):
            yield self._take(row).body

    def flush(self) -> None:
        """Write what is new or changed."""
        for loaded in self._loaded.values():
            if loaded.is_dirty:
                self._write(loaded)
        if self.ids.made != self._first_made:
            self.connection.execute(
                "INSERT OR REPLACE INTO meta (name, value) VALUES ('ids_made', ?)", (str(self.ids.made),)
            )

    def forget(self) -> None:
        """Drop everything unwritten, as after a rollback; the ids of the attempt are given out again."""
        self._loaded.clear()
        self.ids.made = self._first_made

    def _load(self, identifier: str) -> _Loaded | None:
        row = self.connection.execute(
            "SELECT id, kind, account, body FROM resource WHERE id = ?", (identifier,)
        ).fetchone()
        return None if row is None else self._take(row)

    def _take(self, row: sqlite3.Row) -> _Loaded:
        known = self._loaded.get(row["id"])
        if known is not None:
            return known
        body = orjson.loads(row["body"])
        loaded = _Loaded(row["kind"], row["account"], body, _keys(row["kind"], body), is_new=False)
        self._loaded[row["id"]] = loaded
        return loaded

    def _write(self, loaded: _Loaded) -> None:
        body = loaded.body
        if loaded.is_new:
            self.connection.execute(
                "INSERT INTO resource (id, kind, account, created, body) VALUES (?, ?, ?, ?, ?)",
                (body["id"], loaded.kind, loaded.account, body["created"], orjson.dumps(body)),
            )
        else:
            self.connection.execute("UPDATE resource SET body = ? WHERE id = ?", (orjson.dumps(body), body["id"]))
        self._write_keys(loaded)
        loaded.is_new = loaded.is_dirty = False

    def _write_keys(self, loaded: _Loaded) -> None:
        keys = _keys(loaded.kind, loaded.body)
        if keys == loaded.keys:
            return
        identifier = loaded.body["id"]
        owner = (loaded.kind, loaded.account)
        if loaded.keys:
            self.connection.executemany(
                "DELETE FROM resource_key WHERE kind = ? AND account = ? AND name = ? AND value = ? AND id = ?",
                [(*owner, name, value, identifier) for name, value in loaded.keys.items()],
            )
        self.connection.executemany(
            "INSERT INTO resource_key (kind, account, name, value, id) VALUES (?, ?, ?, ?, ?)",
            [(*owner, name, value, identifier) for name, value in keys.items()],
        )
        loaded.keys = keys


def _keys(kind: str, body: JsonObject) -> dict[str, str]:
    return {name: body[name] for name in INDEXED.get(kind, ()) if isinstance(body.get(name), str)}


def _list_statement(query: ListQuery) -> tuple[str, list[object]]:
    """Build the SQL of a list; only names and operators known here become part of the text."""
    where = ["r.kind = ?", "r.account = ?"]
    values: list[object] = [query.kind, query.account]
    for name, wanted in query.filters.items():
        allowed = (wanted,) if isinstance(wanted, str) else wanted
        where.append(
            "r.id IN (SELECT k.id FROM resource_key k WHERE k.kind = ? AND k.account = ? AND k.name = ?"  # noqa: S608
            f" AND k.value IN ({', '.join('?' * len(allowed))}))"
        )
        values += [query.kind, query.account, name, *allowed]
    if query.is_delivered is not None:
        sign = "NOT IN" if query.is_delivered else "IN"
        where.append(f"r.id {sign} (SELECT d.subject_id FROM delivery d WHERE d.state <> 'delivered')")  # noqa: S608
    for name, moment in query.created.items():
        where.append(f"r.created {_COMPARISONS[name]} ?")
        values.append(moment)
    for cursor, sign in ((query.starting_after, "<"), (query.ending_before, ">")):
        if cursor is not None:
            where.append(f"r.seq {sign} (SELECT c.seq FROM resource c WHERE c.id = ?)")  # noqa: S608
            values.append(cursor)
    order = "ASC" if query.ending_before is not None else "DESC"
    text = f"SELECT r.id, r.kind, r.account, r.body FROM resource r WHERE {' AND '.join(where)}"  # noqa: S608
    return f"{text} ORDER BY r.seq {order} LIMIT ?", [*values, query.limit + 1]

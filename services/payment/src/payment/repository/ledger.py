"""The double-entry ledger: postings of a transaction are gathered and written together just before its commit.

Gathering keeps the hot balance rows locked for one statement only, and always in the order of account ids, so that two
transactions cannot wait for each other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chassis.db import Connection, HotTransaction
from contracts.ids import new_id
from payment.domain.ledger import Account, Posting

_INSERT_TRANSACTIONS = """
INSERT INTO ledger_transactions (transaction_id, kind, source_type, source_id, order_id, occurred_at, reverses_id)
SELECT wanted.transaction_id, wanted.kind, wanted.source_type, wanted.source_id, wanted.order_id,
       coalesce(wanted.occurred_at, clock_timestamp()), reversed.transaction_id
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
     AS wanted (transaction_id, kind, source_type, source_id, order_id, occurred_at, reverses_kind)
LEFT JOIN ledger_transactions AS reversed ON reversed.kind = wanted.reverses_kind
     AND reversed.source_type = wanted.source_type AND reversed.source_id = wanted.source_id
ON CONFLICT (kind, source_type, source_id) DO NOTHING
RETURNING transaction_id
"""
_LOCK_BALANCES = """
SELECT account.account_id, account.path, account.currency
FROM ledger_accounts AS account JOIN account_balances AS balance USING (account_id)
WHERE (account.path, account.currency) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
ORDER BY account.account_id FOR UPDATE OF balance
"""
_OPEN_ACCOUNTS = """
WITH opened AS (
    INSERT INTO ledger_accounts (path, currency, normal_side, may_go_negative)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[]) AS wanted (path, currency, side, floorless)
    ORDER BY path, currency
    ON CONFLICT (path, currency) DO NOTHING
    RETURNING account_id, normal_side, may_go_negative
)
INSERT INTO account_balances (account_id, normal_side, may_go_negative)
SELECT account_id, normal_side, may_go_negative FROM opened
"""
_INSERT_ENTRIES = """
WITH entry AS (
    INSERT INTO ledger_entries (transaction_id, position, account_id, currency, side, amount)
    SELECT * FROM unnest(%s::text[], %s::smallint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])
    RETURNING account_id, side, amount
), moved AS (
    SELECT account_id, coalesce(sum(amount) FILTER (WHERE side = 'debit'), 0) AS debits,
           coalesce(sum(amount) FILTER (WHERE side = 'credit'), 0) AS credits
    FROM entry GROUP BY account_id
)
UPDATE account_balances AS balance SET debits = balance.debits + moved.debits,
    credits = balance.credits + moved.credits, version = balance.version + 1
FROM moved WHERE moved.account_id = balance.account_id
"""
_OF_ORDER = """
SELECT transaction.transaction_id, transaction.kind, transaction.source_type, transaction.source_id,
       transaction.booked_at, transaction.reverses_id, account.path, entry.side, entry.amount, entry.currency
FROM ledger_transactions AS transaction JOIN ledger_entries AS entry USING (transaction_id)
JOIN ledger_accounts AS account ON account.account_id = entry.account_id
WHERE transaction.order_id = %s ORDER BY transaction.transaction_id, entry.position
"""
_BALANCES = """
SELECT account.path, account.currency, account.normal_side, balance.debits, balance.credits
FROM account_balances AS balance JOIN ledger_accounts AS account USING (account_id)
ORDER BY account.currency, account.path
"""


def book(tx: HotTransaction, posting: Posting, *, occurred_at: datetime | None = None) -> None:
    """Register a posting for this transaction's commit. One that is booked already is left alone."""
    if not posting.entries:
        return
    gathered: list[tuple[Posting, datetime | None]] | None = tx.info.get("ledger")
    if gathered is None:
        gathered = tx.info["ledger"] = []

        async def write(connection: Connection) -> None:
            await _write(HotTransaction(connection), gathered)

        tx.info.setdefault("before_commit", []).append(write)
    gathered.append((posting, occurred_at))


async def transactions_of_order(tx: HotTransaction, order_id: str) -> list[dict[str, Any]]:
    """Return every entry booked for an order with its transaction, oldest first."""
    return await tx.rows(_OF_ORDER, (order_id,))


async def balances(tx: HotTransaction) -> list[dict[str, Any]]:
    """Return debits and credits of every account, in minor units."""
    return await tx.rows(_BALANCES)


async def _write(tx: HotTransaction, gathered: Sequence[tuple[Posting, datetime | None]]) -> None:
    named = {new_id("ltx"): item for item in gathered}
    columns = [
        (name, p.kind, p.source_type, p.source_id, p.order_id, occurred_at, p.reverses_kind)
        for name, (p, occurred_at) in named.items()
    ]
    fresh = await tx.rows(_INSERT_TRANSACTIONS, [list(column) for column in zip(*columns, strict=True)])
    postings = {row["transaction_id"]: named[row["transaction_id"]][0] for row in fresh}
    if postings:
        accounts = await _lock_accounts(tx, postings.values())
        await tx.execute(_INSERT_ENTRIES, _entry_columns(postings, accounts))


async def _lock_accounts(tx: HotTransaction, postings: Iterable[Posting]) -> dict[tuple[str, str], int]:
    wanted = {(e.account.path, p.currency): e.account for p in postings for e in p.entries}
    found = await _lock_known(tx, wanted)
    if len(found) < len(wanted):
        await _open_accounts(tx, {key: wanted[key] for key in wanted.keys() - found.keys()})
        found = await _lock_known(tx, wanted)
    return found


async def _lock_known(tx: HotTransaction, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = await tx.rows(_LOCK_BALANCES, _columns(wanted))
    return {(row["path"], row["currency"]): row["account_id"] for row in rows}


async def _open_accounts(tx: HotTransaction, missing: dict[tuple[str, str], Account]) -> None:
    rows = [(path, currency, a.normal_side, a.may_go_negative) for (path, currency), a in missing.items()]
    await tx.execute(_OPEN_ACCOUNTS, _columns(rows))


def _entry_columns(postings: dict[str, Posting], accounts: dict[tuple[str, str], int]) -> list[list[Any]]:
    return _columns(
        (name, position, accounts[entry.account.path, posting.currency], posting.currency, entry.side, entry.amount)
        for name, posting in postings.items()
        for position, entry in enumerate(posting.entries, start=1)
    )


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]

"""The ledger's own guards, with the rights that the service really has."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from chassis.db import Database, HotTransaction
from payment.domain.commission import Split
from payment.domain.ledger import OrderBook, SellerShare
from payment.repository import ledger

SHARE = SellerShare("sor_a", "A", Split(gross=2880, commission=249, commission_vat=50))
BOOK = OrderBook("ord_1", "EUR")
TRANSACTION = (
    "INSERT INTO ledger_transactions (transaction_id, kind, source_type, source_id, occurred_at)"
    " VALUES ('ltx_x', 'test', 'test', %s, now())"
)
ENTRY = (
    "INSERT INTO ledger_entries (transaction_id, position, account_id, currency, side, amount)"
    " SELECT %s, %s, account_id, currency, %s, %s FROM ledger_accounts WHERE path = 'stripe.pending'"
)


@pytest.fixture
async def booked(db: Database) -> AsyncIterator[Database]:
    async with db.hot_transaction() as tx:
        ledger.book(tx, BOOK.captured(2880, [SHARE]))
    yield db


async def counts(db: Database) -> tuple[int, int]:
    async with db.reading() as tx:
        found = await tx.rows(
            "SELECT (SELECT count(*) FROM ledger_transactions) AS t, (SELECT count(*) FROM ledger_entries) AS e"
        )
    return found[0]["t"], found[0]["e"]


async def test_a_second_booking_of_the_same_fact_changes_nothing(booked: Database) -> None:
    before = await balances(booked)
    async with booked.hot_transaction() as tx:
        ledger.book(tx, BOOK.captured(2880, [SHARE]))

    assert await counts(booked) == (1, 4)
    assert await balances(booked) == before


@pytest.mark.parametrize(
    "legs",
    [
        [],
        [(1, "debit", 5)],
        [(1, "debit", 5), (2, "credit", 4)],
        [(1, "debit", 5), (2, "debit", 5)],
    ],
)
async def test_a_transaction_that_does_not_balance_cannot_be_committed(booked: Database, legs: list[Any]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="ledger transaction"):
        async with booked.hot_transaction() as tx:
            await tx.execute(TRANSACTION, ("1",))
            for position, side, amount in legs:
                await tx.execute(ENTRY, ("ltx_x", position, side, amount))

    assert await counts(booked) == (1, 4)


async def test_an_old_transaction_takes_no_further_entry(booked: Database) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="off balance"):
        async with booked.hot_transaction() as tx:
            (row,) = await tx.rows("SELECT transaction_id FROM ledger_transactions")
            await tx.execute(ENTRY, (row["transaction_id"], 9, "debit", 1))


@pytest.mark.parametrize("table", ["ledger_accounts", "ledger_transactions", "ledger_entries"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET currency = 'USD'"])
async def test_the_service_may_not_change_history(booked: Database, table: str, statement: str) -> None:
    if table == "ledger_transactions":
        statement = statement.replace("currency = 'USD'", "kind = 'other'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with booked.hot_transaction() as tx:
            await tx.execute(statement.format(table))

    assert await counts(booked) == (1, 4)


@pytest.mark.parametrize("table", ["ledger_accounts", "ledger_transactions", "ledger_entries"])
async def test_not_even_the_owner_changes_history(booked: Database, table: str, owner: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        async with owner.hot_transaction() as tx:
            await tx.execute(f"DELETE FROM {table}")  # noqa: S608


async def test_a_seller_is_never_overdrawn(booked: Database) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="account_balances_floor_check"):
        async with booked.hot_transaction() as tx:
            ledger.book(tx, BOOK.transfer_decided("op_1", "A", 1))

    assert await counts(booked) == (1, 4)


async def test_an_entry_may_not_mix_currencies(booked: Database) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        async with booked.hot_transaction() as tx:
            await tx.execute(TRANSACTION, ("2",))
            await tx.execute(
                "INSERT INTO ledger_entries (transaction_id, position, account_id, currency, side, amount)"
                " SELECT 'ltx_x', legs.position, account_id, 'USD', legs.side, 5 FROM ledger_accounts,"
                " (VALUES (1, 'debit'), (2, 'credit')) AS legs (position, side) WHERE path = 'stripe.pending'"
            )


async def test_the_kept_balances_are_the_sum_of_the_entries(booked: Database) -> None:
    async with booked.hot_transaction() as tx:
        for posting in (BOOK.fee_known(111), BOOK.released(SHARE), BOOK.transfer_decided("op_1", "A", 2581)):
            ledger.book(tx, posting)
    async with booked.hot_transaction() as tx:
        ledger.book(tx, BOOK.transfer_refused("op_1", "A", 2581))

    async with booked.reading() as tx:
        summed = await tx.rows(
            "SELECT account_id, sum(amount) FILTER (WHERE side = 'debit') AS debits,"
            " sum(amount) FILTER (WHERE side = 'credit') AS credits FROM ledger_entries GROUP BY account_id"
        )
        kept = await tx.rows("SELECT account_id, debits, credits FROM account_balances")
        reversed_row = await tx.row(
            "SELECT d.kind FROM ledger_transactions r JOIN ledger_transactions d ON d.transaction_id = r.reverses_id"
        )
    expected = {(row["account_id"], row["debits"] or 0, row["credits"] or 0) for row in summed}
    assert {(row["account_id"], row["debits"], row["credits"]) for row in kept} == expected
    assert reversed_row == {"kind": "transfer-decided"}


async def balances(db: Database) -> dict[str, tuple[int, int]]:
    async with db.reading() as tx:
        return {row["path"]: (row["debits"], row["credits"]) for row in await _balances(tx)}


async def _balances(tx: HotTransaction) -> list[dict[str, Any]]:
    return await ledger.balances(tx)

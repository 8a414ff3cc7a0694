"""Rows of ``payout_accounts``: one per seller, with the account at the provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.db import HotTransaction
from payment.domain.facts import PayoutStatus

_FIELDS = "seller_id, name, country, is_open, account_id, status, sequence"
# A projection of identity's sellers: an older event never overwrites a newer one.
_PROJECT = """
INSERT INTO payout_accounts (seller_id, name, country, is_open, seller_sequence, status, sequence)
SELECT *, 'not_started', 0 FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::bigint[])
ON CONFLICT (seller_id) DO UPDATE SET name = excluded.name, country = excluded.country, is_open = excluded.is_open,
    seller_sequence = excluded.seller_sequence, updated_at = clock_timestamp()
WHERE payout_accounts.seller_sequence < excluded.seller_sequence
"""
_WANTED = f"""
SELECT {_FIELDS} FROM payout_accounts AS account
WHERE account_id IS NULL AND is_open AND next_try_at <= statement_timestamp()
  AND NOT EXISTS (SELECT FROM payment_operations AS o WHERE o.subject_id = account.seller_id
                  AND o.state IN ('planned', 'sending', 'unknown'))
ORDER BY next_try_at LIMIT %s
"""  # noqa: S608
_LOCK = f"SELECT {_FIELDS} FROM payout_accounts WHERE seller_id = %s FOR UPDATE"  # noqa: S608
_READ = f"SELECT {_FIELDS} FROM payout_accounts WHERE seller_id = %s"  # noqa: S608
_SAVE = """
UPDATE payout_accounts SET account_id = %s, status = %s, sequence = %s, updated_at = clock_timestamp() WHERE seller_id = %s
"""
_POSTPONE = """
UPDATE payout_accounts SET next_try_at = clock_timestamp() + make_interval(secs => %s) WHERE seller_id = %s
"""
_BY_ACCOUNT = "SELECT seller_id FROM payout_accounts WHERE account_id = %s"


@dataclass(slots=True)
class SellerAccount:
    """A seller as payment knows them. ``account_id`` is absent until the provider made the account."""

    seller_id: str
    name: str
    country: str
    is_open: bool
    account_id: str | None
    status: PayoutStatus
    sequence: int


async def project_sellers(tx: HotTransaction, rows: Sequence[tuple[str, str, str, bool, int]]) -> None:
    """Take over (seller_id, name, country, is_open, sequence) from identity, newest state per seller."""
    newest = {row[0]: row for row in sorted(rows, key=lambda row: row[4])}
    if newest:
        await tx.execute(_PROJECT, [list(column) for column in zip(*newest.values(), strict=True)])


async def wanted_accounts(tx: HotTransaction, *, limit: int) -> list[SellerAccount]:
    """Return open sellers that have no account at the provider and none under way."""
    return [_account(row) for row in await tx.rows(_WANTED, (limit,))]


async def lock_account(tx: HotTransaction, seller_id: str) -> SellerAccount | None:
    row = await tx.row(_LOCK, (seller_id,))
    return _account(row) if row else None


async def read_account(tx: HotTransaction, seller_id: str) -> SellerAccount | None:
    row = await tx.row(_READ, (seller_id,))
    return _account(row) if row else None


async def save_account(tx: HotTransaction, account: SellerAccount) -> None:
    await tx.execute(_SAVE, (account.account_id, account.status, account.sequence, account.seller_id))


async def postpone(tx: HotTransaction, seller_id: str, *, pause_seconds: int) -> None:
    """Try to open the account later."""
    await tx.execute(_POSTPONE, (pause_seconds, seller_id))


async def seller_of_account(tx: HotTransaction, account_id: str) -> str | None:
    """Return whose the provider's account is, if it is one of ours."""
    row = await tx.row(_BY_ACCOUNT, (account_id,))
    return row["seller_id"] if row else None


def _account(row: Mapping[str, Any]) -> SellerAccount:
    return SellerAccount(**{**row, "status": PayoutStatus(row["status"])})

"""Sellers get an account at the provider as soon as they are open."""

from collections.abc import Sequence

import structlog

from chassis.db import HotTransaction, after_commit
from payment.domain.operation import Operation, plan
from payment.ports import CreateAccount, HoldPayouts
from payment.repository import operations, payout_accounts
from payment.repository.payout_accounts import SellerAccount
from payment.service.progress import Desk, with_cause

log = structlog.get_logger()

UNKNOWN_SELLER_PAUSE_SECONDS = 30


async def open_accounts(
    tx: HotTransaction, desk: Desk, wanted: Sequence[tuple[SellerAccount, str | None]], *, currency: str
) -> None:
    """Plan the accounts of sellers with their contact address; those without one wait."""
    planned = []
    for seller, email in wanted:
        if email is None:
            log.warning("payout_account.no_contact", seller_id=seller.seller_id)
            await payout_accounts.postpone(tx, seller.seller_id, pause_seconds=UNKNOWN_SELLER_PAUSE_SECONDS)
            continue
        call = CreateAccount(seller.seller_id, seller.name, seller.country.upper(), email, currency)
        kind, request = desk.provider.freeze(call)
        key = f"seller:{seller.seller_id}:account"
        planned.append(with_cause(plan(kind, key, subject_id=seller.seller_id, request=request)))
    await operations.insert(tx, planned)
    if planned:
        after_commit(tx, desk.wake)


def plan_held_payouts(desk: Desk, seller_id: str, account_id: str) -> Operation:
    """Decide that the provider pays nothing out to the seller's bank by itself."""
    kind, request = desk.provider.freeze(HoldPayouts(account_id))
    return with_cause(plan(kind, f"seller:{seller_id}:hold-payouts", subject_id=seller_id, request=request))

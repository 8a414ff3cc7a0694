"""Every operation the stand-in knows; any other URL is unrecognised."""

from standins.stripe.call import Router
from standins.stripe.resources import (
    account_links,
    accounts,
    balance_settings,
    balances,
    charges,
    customers,
    events,
    payment_intents,
    payment_methods,
    refunds,
    transfer_reversals,
    transfers,
    v2_accounts,
)

OPERATIONS = (
    *account_links.OPERATIONS,
    *accounts.OPERATIONS,
    *balance_settings.OPERATIONS,
    *balances.OPERATIONS,
    *charges.OPERATIONS,
    *customers.OPERATIONS,
    *events.OPERATIONS,
    *payment_intents.OPERATIONS,
    *payment_methods.OPERATIONS,
    *refunds.OPERATIONS,
    *transfer_reversals.OPERATIONS,
    *transfers.OPERATIONS,
    *v2_accounts.OPERATIONS,
)


def build_router() -> Router:
    """Return the router over all operations."""
    return Router(OPERATIONS)

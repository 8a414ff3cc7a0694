"""Where a connected account stands, and what the change of it tells the platform.

Source: `payments.md` 1.6 (state mapping) and 5.2.7. One stored account has two faces: `accounts` (v1), `v2_accounts`.
"""

from enum import StrEnum

from standins.stripe.presentation import present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit

CAPABILITY_CHANGED = "v2.core.account[configuration.recipient].capability_status_updated"
REQUIREMENTS_CHANGED = "v2.core.account[requirements].updated"
CLOSED = "v2.core.account.closed"
LINK_RETURNED = "v2.core.account_link.returned"


class AccountState(StrEnum):
    """Whole state of a connected account."""

    RESTRICTED = "restricted"
    PENDING = "pending"
    ACTIVE = "active"
    TRANSFERS_ONLY = "transfers_only"
    PAST_DUE = "past_due"
    FAILED_VERIFICATION = "failed_verification"
    REJECTED = "rejected"
    CLOSED = "closed"


def new_account(unit: Unit, profile: JsonObject) -> JsonObject:
    """Store an account that still owes all information."""
    body: JsonObject = {
        "id": unit.new_id("acct"),
        "object": "account",
        "created": unit.now,
        "country": "FR",
        "email": None,
        "display_name": None,
        "entity_type": None,
        "default_currency": "eur",
        "metadata": {},
        "controller": None,
        "business_profile": {},
        "statement_descriptor": None,
        "payout_schedule": {"interval": "daily"},
        "_wants_transfers": False,
        "_submitted": False,
        "_state": AccountState.RESTRICTED,
    } | profile
    return unit.session.add("account", "", body)


def change_state(unit: Unit, account: JsonObject, state: AccountState) -> None:
    """Move to the state and report it to both worlds, v1 and v2."""
    if account["_state"] == state:
        return
    account["_state"] = state
    unit.session.touch(account)
    unit.events.emit("account.updated", present(unit, account), previous={}, account=account["id"])
    unit.events.emit_thin(REQUIREMENTS_CHANGED, account["id"])
    if state == AccountState.CLOSED:
        unit.events.emit_thin(CLOSED, account["id"])
    else:
        data = {"updated_capability": "stripe_balance.stripe_transfers"}
        unit.events.emit_thin(CAPABILITY_CHANGED, account["id"], data=data)


def submit_onboarding(unit: Unit, account: JsonObject) -> None:
    """Take the finished form: verification runs, at once when the settings give it no time."""
    account["_submitted"] = True
    unit.session.touch(account)
    if not account["_wants_transfers"]:
        unit.events.emit("account.updated", present(unit, account), previous={}, account=account["id"])
        return
    if unit.settings.verification_seconds == 0:
        change_state(unit, account, AccountState.ACTIVE)
        return
    change_state(unit, account, AccountState.PENDING)
    unit.plan("finish_verification", account["id"], after=unit.settings.verification_seconds)


def finish_verification(unit: Unit, account: JsonObject) -> None:
    """End a verification that was running."""
    if account["_state"] == AccountState.PENDING:
        change_state(unit, account, AccountState.ACTIVE)

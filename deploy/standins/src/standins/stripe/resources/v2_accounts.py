"""Connected accounts through the v2 API: recipient configuration; parts are absent unless `include` names them."""

from typing import Any
from urllib.parse import urlencode

from standins.stripe.call import Call, Operation
from standins.stripe.errors import not_built
from standins.stripe.events import rfc3339
from standins.stripe.presentation import listed, merge_metadata, new_metadata
from standins.stripe.resources.account_states import AccountState, change_state, new_account
from standins.stripe.resources.accounts import required_account, requirements
from standins.stripe.shape import JsonObject

_TRANSFERS = {
    AccountState.ACTIVE: "active",
    AccountState.TRANSFERS_ONLY: "active",
    AccountState.PENDING: "pending",
    AccountState.REJECTED: "rejected",
    AccountState.CLOSED: "unsupported",
}


def create(call: Call) -> JsonObject:
    """Create an account with the recipient configuration."""
    params = call.params
    identity, defaults = params.get("identity") or {}, params.get("defaults") or {}
    _refuse_other_configurations(params)
    account = new_account(
        call.unit,
        {
            "country": (identity.get("country") or "FR").upper(),
            "email": params.get("contact_email"),
            "display_name": params.get("display_name"),
            "entity_type": identity.get("entity_type"),
            "default_currency": defaults.get("currency") or "eur",
            "metadata": new_metadata(call),
            "_responsibilities": defaults.get("responsibilities") or {},
            "_dashboard": params.get("dashboard", "full"),
            "_wants_transfers": _wants_transfers(params),
        },
    )
    return _shape(account, params.get("include") or [])


def retrieve(call: Call) -> JsonObject:
    """Return an account with the included parts."""
    return _shape(required_account(call, call.path["id"]), call.params.get("include") or [])


def update(call: Call) -> JsonObject:
    """Change profile, metadata, or request the transfers capability."""
    account = required_account(call, call.path["id"])
    params = call.params
    _refuse_other_configurations(params)
    for name, field in (("contact_email", "email"), ("display_name", "display_name")):
        if name in params:
            account[field] = params[name]
    if _wants_transfers(params):
        account["_wants_transfers"] = True
    if "metadata" in params:
        merge_metadata(account, params["metadata"])
    call.unit.session.touch(account)
    return _shape(account, params.get("include") or [])


def close(call: Call) -> JsonObject:
    """Close an account."""
    account = required_account(call, call.path["id"])
    change_state(call.unit, account, AccountState.CLOSED)
    return _shape(account, [])


def list_accounts(call: Call) -> JsonObject:
    """List accounts, newest first; `next_page_url` leads on."""
    for name in ("closed", "applied_configurations"):
        if name in call.params:
            raise not_built(f"the filter {name} of accounts", param=name)
    if cursor := call.params.pop("page", None):
        call.params["starting_after"] = cursor
    page = listed(call, "account", url="/v2/core/accounts")
    found = [required_account(call, item["id"]) for item in page["data"]]
    query = urlencode({"limit": call.params.get("limit", 10), "page": found[-1]["id"] if found else ""})
    following = f"/v2/core/accounts?{query}" if page["has_more"] else None
    return {"data": [_shape(account, []) for account in found], "next_page_url": following, "previous_page_url": None}


def _shape(account: JsonObject, include: list[str]) -> JsonObject:
    parts: dict[str, Any] = {
        "configuration": _configuration(account) if "configuration.recipient" in include else None,
        "defaults": _defaults(account) if "defaults" in include else None,
        "identity": _identity(account) if "identity" in include else None,
        "requirements": _requirements(account) if "requirements" in include else None,
        "future_requirements": {"entries": []} if "future_requirements" in include else None,
    }
    return {
        "id": account["id"],
        "object": "v2.core.account",
        "applied_configurations": ["recipient"] if account["_wants_transfers"] else [],
        "closed": account["_state"] == AccountState.CLOSED,
        "contact_email": account["email"],
        "contact_phone": None,
        "created": rfc3339(account["created"]),
        "dashboard": account.get("_dashboard", "express"),
        "display_name": account["display_name"],
        "livemode": False,
        "metadata": account["metadata"],
    } | parts


def _configuration(account: JsonObject) -> JsonObject:
    state = AccountState(account["_state"])
    transfers = _TRANSFERS.get(state, "restricted")
    payouts = "restricted" if state == AccountState.TRANSFERS_ONLY else transfers
    balance = {"payouts": _capability(payouts), "stripe_transfers": _capability(transfers)}
    capabilities = {"stripe_balance": balance} if account["_wants_transfers"] else None
    return {
        "customer": None,
        "merchant": None,
        "recipient": {"applied": account["_wants_transfers"], "capabilities": capabilities},
    }


def _capability(status: str) -> JsonObject:
    details = {
        "restricted": [{"code": "requirements_past_due", "resolution": "provide_info"}],
        "pending": [{"code": "requirements_pending_verification", "resolution": "no_resolution"}],
        "rejected": [{"code": "rejected_other", "resolution": "contact_stripe"}],
    }
    return {"status": status, "status_details": details.get(status, [])}


def _defaults(account: JsonObject) -> JsonObject:
    given = account.get("_responsibilities") or {}
    return {
        "currency": account["default_currency"],
        "locales": None,
        "profile": None,
        "responsibilities": {
            "fees_collector": given.get("fees_collector", "stripe"),
            "losses_collector": given.get("losses_collector", "stripe"),
            "requirements_collector": "stripe",
        },
    }


def _identity(account: JsonObject) -> JsonObject:
    return {"country": account["country"].lower(), "entity_type": account["entity_type"]} | {
        "attestations": None,
        "business_details": None,
        "individual": None,
    }


def _requirements(account: JsonObject) -> JsonObject:
    owed = requirements(account)
    entries = [_entry(name, "user") for name in owed["currently_due"]]
    entries += [_entry(name, "stripe") for name in owed["pending_verification"]]
    deadline = {"status": "past_due", "time": None} if owed["past_due"] else None
    return {"entries": entries, "summary": {"minimum_deadline": deadline}}


def _entry(description: str, awaiting: str) -> JsonObject:
    return {
        "awaiting_action_from": awaiting,
        "description": description,
        "errors": [],
        "impact": {
            "restricts_capabilities": [
                {
                    "capability": "stripe_balance.stripe_transfers",
                    "configuration": "recipient",
                    "deadline": {"status": "past_due"},
                }
            ]
        },
        "minimum_deadline": {"status": "past_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


def _wants_transfers(params: JsonObject) -> bool:
    recipient = (params.get("configuration") or {}).get("recipient") or {}
    balance = (recipient.get("capabilities") or {}).get("stripe_balance") or {}
    return bool((balance.get("stripe_transfers") or {}).get("requested"))


def _refuse_other_configurations(params: JsonObject) -> None:
    for name in ("merchant", "customer"):
        if name in (params.get("configuration") or {}):
            raise not_built(f"the {name} configuration of accounts", param=f"configuration.{name}")


OPERATIONS = (
    Operation("POST", "/v2/core/accounts", create, "v2_account_create"),
    Operation("GET", "/v2/core/accounts", list_accounts, "v2_account_list"),
    Operation("GET", "/v2/core/accounts/{id}", retrieve, "v2_account_retrieve"),
    Operation("POST", "/v2/core/accounts/{id}", update, "v2_account_update"),
    Operation("POST", "/v2/core/accounts/{id}/close", close, "v2_account_close"),
)

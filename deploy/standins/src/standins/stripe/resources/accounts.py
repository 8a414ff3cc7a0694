"""Connected accounts through the v1 API: controller properties, capabilities, requirements."""

from standins.stripe.call import Call, Operation
from standins.stripe.errors import invalid_request, resource_missing
from standins.stripe.presentation import computes, listed, merge_metadata, new_metadata, present
from standins.stripe.resources.account_states import AccountState, change_state, new_account
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit

OWED = ["business_profile.url", "external_account", "representative.verification.document", "tos_acceptance.date"]
_ACTIVE = {AccountState.ACTIVE, AccountState.TRANSFERS_ONLY}
_DISABLED = {
    AccountState.RESTRICTED: "requirements.past_due",
    AccountState.PAST_DUE: "requirements.past_due",
    AccountState.FAILED_VERIFICATION: "requirements.past_due",
    AccountState.PENDING: "requirements.pending_verification",
    AccountState.REJECTED: "rejected.other",
    AccountState.CLOSED: "rejected.other",
}


def create(call: Call) -> JsonObject:
    """Create a connected account."""
    params = call.params
    capabilities = params.get("capabilities") or {}
    account = new_account(
        call.unit,
        {
            "country": params.get("country") or "FR",
            "email": params.get("email"),
            "display_name": (params.get("business_profile") or {}).get("name"),
            "entity_type": params.get("business_type"),
            "default_currency": params.get("default_currency") or "eur",
            "metadata": new_metadata(call),
            "controller": _controller(params),
            "business_profile": params.get("business_profile") or {},
            "payout_schedule": _schedule(params) or {"interval": "daily"},
            "_wants_transfers": _requested(capabilities, "transfers"),
            "_wants_payments": _requested(capabilities, "card_payments"),
            "_type": params.get("type"),
        },
    )
    return present(call.unit, account)


def retrieve(call: Call) -> JsonObject:
    """Return a connected account."""
    return present(call.unit, required_account(call, call.path["id"]))


def retrieve_own(call: Call) -> JsonObject:
    """Return the account of the request: the platform itself, or the one named by `Stripe-Account`."""
    if call.is_platform:
        return {
            "id": "acct_standinplatform",
            "object": "account",
            "charges_enabled": True,
            "payouts_enabled": True,
            "details_submitted": True,
            "country": "FR",
            "created": call.unit.now,
            "default_currency": "eur",
            "type": "standard",
        }
    return present(call.unit, required_account(call, call.account))


def update(call: Call) -> JsonObject:
    """Change profile, metadata, payout schedule, or request a capability."""
    account = required_account(call, call.path["id"])
    params = call.params
    for name, field in (("email", "email"), ("business_type", "entity_type"), ("default_currency", "default_currency")):
        if name in params:
            account[field] = params[name]
    account["business_profile"] = account["business_profile"] | (params.get("business_profile") or {})
    account["payout_schedule"] = _schedule(params) or account["payout_schedule"]
    if _requested(params.get("capabilities") or {}, "transfers"):
        account["_wants_transfers"] = True
    if "metadata" in params:
        merge_metadata(account, params["metadata"])
    call.unit.session.touch(account)
    call.unit.events.emit("account.updated", present(call.unit, account), previous={}, account=account["id"])
    return present(call.unit, account)


def list_accounts(call: Call) -> JsonObject:
    """List connected accounts."""
    return listed(call, "account", url="/v1/accounts")


def reject(call: Call) -> JsonObject:
    """Reject an account for good."""
    account = required_account(call, call.path["id"])
    change_state(call.unit, account, AccountState.REJECTED)
    return present(call.unit, account)


def list_capabilities(call: Call) -> JsonObject:
    """List the capabilities of an account."""
    account = required_account(call, call.path["id"])
    names = ["transfers", "card_payments"] if account.get("_wants_payments") else ["transfers"]
    data = [_capability(account, name) for name in names]
    url = f"/v1/accounts/{account['id']}/capabilities"
    return {"object": "list", "data": data, "has_more": False, "url": url}


def retrieve_capability(call: Call) -> JsonObject:
    """Return one capability."""
    account = required_account(call, call.path["id"])
    name = call.path["capability"]
    if name not in ("transfers", "card_payments"):
        raise resource_missing("capability", name, param="capability")
    return _capability(account, name)


def create_login_link(call: Call) -> JsonObject:
    """Return the address of the seller's own dashboard page."""
    account = required_account(call, call.path["id"])
    if not account["_submitted"]:
        raise invalid_request("Cannot create a login link for an account that has not completed onboarding.")
    url = f"{call.unit.settings.public_url}/accounts/{account['id']}"
    return {"object": "login_link", "created": call.unit.now, "url": url}


def required_account(call: Call, identifier: str) -> JsonObject:
    """Return the account of the platform; a foreign or unknown one is missing."""
    account = call.unit.session.get("account", identifier)
    if account is None:
        raise resource_missing("account", identifier, param="id")
    return account


@computes("account")
def v1_shape(unit: Unit, account: JsonObject) -> JsonObject:
    """Return the account as the v1 API shows it."""
    state = AccountState(account["_state"])
    return {
        "id": account["id"],
        "object": "account",
        "business_profile": {"name": account["display_name"], "url": None} | account["business_profile"],
        "business_type": account["entity_type"],
        "capabilities": _capabilities(account),
        "charges_enabled": state in _ACTIVE and bool(account.get("_wants_payments")),
        "controller": account["controller"] or _v2_controller(),
        "country": account["country"],
        "created": account["created"],
        "default_currency": account["default_currency"],
        "details_submitted": account["_submitted"],
        "email": account["email"],
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account['id']}/external_accounts",
        },
        "future_requirements": _requirements(None, [], []),
        "metadata": account["metadata"],
        "payouts_enabled": state == AccountState.ACTIVE,
        "requirements": requirements(account),
        "settings": _settings(account),
        "tos_acceptance": {"date": unit.now if account["_submitted"] else None, "ip": None, "user_agent": None},
        "type": account.get("_type") or "none",
    }


def requirements(account: JsonObject) -> JsonObject:
    """Return what the account owes, and why it is disabled."""
    state = AccountState(account["_state"])
    reason = _DISABLED.get(state)
    if state == AccountState.PENDING:
        return _requirements(reason, [], ["representative.verification.document"])
    owes = state in (AccountState.RESTRICTED, AccountState.PAST_DUE, AccountState.FAILED_VERIFICATION)
    owed = OWED if owes and not account["_submitted"] else OWED[2:3] if owes else []
    return _requirements(reason, owed, [])


def _requirements(reason: str | None, owed: list[str], pending: list[str]) -> JsonObject:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(owed),
        "disabled_reason": reason,
        "errors": [],
        "eventually_due": list(owed),
        "past_due": list(owed),
        "pending_verification": pending,
    }


def _capabilities(account: JsonObject) -> dict[str, str]:
    found = {"transfers": _capability_status(account)} if account["_wants_transfers"] else {}
    return found | ({"card_payments": _capability_status(account)} if account.get("_wants_payments") else {})


def _capability_status(account: JsonObject) -> str:
    state = AccountState(account["_state"])
    if state in _ACTIVE:
        return "active"
    return "pending" if state == AccountState.PENDING else "inactive"


def _capability(account: JsonObject, name: str) -> JsonObject:
    is_requested = bool(account["_wants_transfers" if name == "transfers" else "_wants_payments"])
    return {
        "id": name,
        "object": "capability",
        "account": account["id"],
        "future_requirements": _requirements(None, [], []),
        "requested": is_requested,
        "requested_at": account["created"] if is_requested else None,
        "requirements": requirements(account),
        "status": _capability_status(account) if is_requested else "unrequested",
    }


def _controller(params: JsonObject) -> JsonObject:
    given = params.get("controller") or {}
    return {
        "fees": {"payer": (given.get("fees") or {}).get("payer", "account")},
        "is_controller": True,
        "losses": {"payments": (given.get("losses") or {}).get("payments", "stripe")},
        "requirement_collection": given.get("requirement_collection", "stripe"),
        "stripe_dashboard": {"type": (given.get("stripe_dashboard") or {}).get("type", "full")},
        "type": "application",
    }


def _v2_controller() -> JsonObject:
    return _controller(
        {
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            }
        }
    )


def _settings(account: JsonObject) -> JsonObject:
    return {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": account["display_name"], "timezone": "Europe/Paris"},
        "payments": {
            "statement_descriptor": account["statement_descriptor"],
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 3} | account["payout_schedule"],
            "statement_descriptor": account["statement_descriptor"],
        },
    }


def _schedule(params: JsonObject) -> JsonObject | None:
    payouts = (params.get("settings") or {}).get("payouts") or {}
    interval = (payouts.get("schedule") or {}).get("interval")
    return {"interval": interval} if interval else None


def _requested(capabilities: JsonObject, name: str) -> bool:
    return bool((capabilities.get(name) or {}).get("requested"))


OPERATIONS = (
    Operation("POST", "/v1/accounts", create, "account_create"),
    Operation("GET", "/v1/accounts", list_accounts, "account_list"),
    Operation("GET", "/v1/account", retrieve_own, "account_retrieve"),
    Operation("GET", "/v1/accounts/{id}", retrieve, "account_retrieve"),
    Operation("POST", "/v1/accounts/{id}", update, "account_update"),
    Operation("POST", "/v1/accounts/{id}/reject", reject, "account_reject"),
    Operation("GET", "/v1/accounts/{id}/capabilities", list_capabilities, "account_capability_list"),
    Operation("GET", "/v1/accounts/{id}/capabilities/{capability}", retrieve_capability, "account_capability_retrieve"),
    Operation("POST", "/v1/accounts/{id}/login_links", create_login_link, "account_login_link_create"),
)

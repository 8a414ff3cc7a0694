"""Onboarding links, v1 and v2: single use, gone after five minutes, leading to a page of the stand-in."""

from standins.stripe.call import Call, Operation
from standins.stripe.errors import invalid_request
from standins.stripe.events import rfc3339
from standins.stripe.resources.accounts import required_account
from standins.stripe.shape import JsonObject

_VALID_SECONDS = 300


def create(call: Call) -> JsonObject:
    """Mint a v1 link."""
    params = call.params
    _require_addresses(params)
    if params["type"] == "account_update":
        raise invalid_request("account_update links are not allowed for accounts with a Stripe-hosted dashboard.")
    link = _mint(call, required_account(call, params["account"]), params)
    return {"object": "account_link", "created": link["created"], "expires_at": link["expires_at"], "url": link["url"]}


def create_v2(call: Call) -> JsonObject:
    """Mint a v2 link."""
    use_case = call.params["use_case"]
    given = use_case.get("account_onboarding")
    if use_case["type"] != "account_onboarding" or given is None:
        raise invalid_request("account_update links are not allowed for accounts with a Stripe-hosted dashboard.")
    link = _mint(call, required_account(call, call.params["account"]), given)
    return {
        "object": "v2.core.account_link",
        "account": call.params["account"],
        "created": rfc3339(link["created"]),
        "expires_at": rfc3339(link["expires_at"]),
        "livemode": False,
        "url": link["url"],
        "use_case": {"type": "account_onboarding", "account_onboarding": _shown(given)},
    }


def _shown(given: JsonObject) -> JsonObject:
    return {name: given[name] for name in ("collection_options", "refresh_url", "return_url") if name in given}


def _mint(call: Call, account: JsonObject, given: JsonObject) -> JsonObject:
    token = call.unit.new_id("link")
    link: JsonObject = {
        "id": token,
        "object": "account_link",
        "account": account["id"],
        "created": call.unit.now,
        "expires_at": call.unit.now + _VALID_SECONDS,
        "url": f"{call.unit.settings.public_url}/onboarding/{token}",
        "refresh_url": given["refresh_url"],
        "return_url": given.get("return_url") or given["refresh_url"],
        "is_opened": False,
        "is_done": False,
    }
    return call.unit.session.add("account_link", "", link)


def _require_addresses(params: JsonObject) -> None:
    for name in ("refresh_url", "return_url"):
        if not params.get(name):
            raise invalid_request(f"Missing required param: {name}.", code="parameter_missing", param=name)


OPERATIONS = (
    Operation("POST", "/v1/account_links", create, "account_link_create"),
    Operation("POST", "/v2/core/account_links", create_v2, "v2_account_link_create"),
)

"""Balance settings of the platform or, with `Stripe-Account`, of a connected account."""

from standins.stripe.call import Call, Operation
from standins.stripe.errors import not_built
from standins.stripe.resources.accounts import required_account
from standins.stripe.shape import JsonObject


def retrieve(call: Call) -> JsonObject:
    """Return the settings."""
    if call.is_platform:
        return _shape({"interval": "daily"}, None)
    account = required_account(call, call.account)
    return _shape(account["payout_schedule"], account["statement_descriptor"])


def update(call: Call) -> JsonObject:
    """Change the payout schedule and the text on the seller's bank statement."""
    if call.is_platform:
        raise not_built("balance settings of the platform itself")
    account = required_account(call, call.account)
    payouts = (call.params.get("payments") or {}).get("payouts") or {}
    interval = (payouts.get("schedule") or {}).get("interval")
    if interval:
        account["payout_schedule"] = {"interval": interval}
    if "statement_descriptor" in payouts:
        account["statement_descriptor"] = payouts["statement_descriptor"] or None
    call.unit.session.touch(account)
    return _shape(account["payout_schedule"], account["statement_descriptor"])


def _shape(schedule: JsonObject, descriptor: str | None) -> JsonObject:
    return {
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": True,
            "payouts": {
                "minimum_balance_by_currency": None,
                "schedule": schedule | {"monthly_payout_days": None, "weekly_payout_days": None},
                "statement_descriptor": descriptor,
                "status": "enabled",
            },
            "settlement_timing": {"delay_days": 3, "delay_days_override": None},
        },
    }


OPERATIONS = (
    Operation("GET", "/v1/balance_settings", retrieve, "balance_settings_retrieve"),
    Operation("POST", "/v1/balance_settings", update, "balance_settings_update"),
)

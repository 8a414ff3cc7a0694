"""Write the request parameters of the stand-in's operations from the Stripe SDK's own classes.

Run after an SDK update: `python deploy/standins/tools/extract_parameters.py`. A test compares the committed file with
a fresh extraction, so the stand-in refuses exactly the parameters that this version of the SDK does not know.
"""

import importlib
import inspect
import json
import types
import typing
from pathlib import Path
from typing import Any, Literal, NotRequired, Union, get_args, get_origin

import typing_extensions
from stripe._request_options import RequestOptions

TARGET = Path(__file__).parents[1] / "src/standins/stripe/parameters.json"
# Options of payment methods that the stand-in does not offer would be nine tenths of the file.
_CARD_ONLY = {"payment_method_options", "payment_method_data"}
_KEPT_METHODS = {"card", "type", "billing_details", "metadata", "allow_redisplay"}

OPERATIONS = {
    "v1": [
        "account_create",
        "account_list",
        "account_retrieve",
        "account_update",
        "account_reject",
        "account_link_create",
        "account_login_link_create",
        "account_capability_list",
        "account_capability_retrieve",
        "balance_retrieve",
        "balance_settings_retrieve",
        "balance_settings_update",
        "balance_transaction_list",
        "balance_transaction_retrieve",
        "charge_list",
        "charge_retrieve",
        "charge_update",
        "customer_create",
        "customer_delete",
        "customer_list",
        "customer_retrieve",
        "customer_update",
        "customer_payment_method_list",
        "customer_payment_method_retrieve",
        "event_list",
        "event_retrieve",
        "payment_intent_cancel",
        "payment_intent_capture",
        "payment_intent_confirm",
        "payment_intent_create",
        "payment_intent_list",
        "payment_intent_retrieve",
        "payment_intent_update",
        "payment_method_attach",
        "payment_method_create",
        "payment_method_detach",
        "payment_method_list",
        "payment_method_retrieve",
        "payment_method_update",
        "payout_cancel",
        "payout_create",
        "payout_list",
        "payout_retrieve",
        "payout_update",
        "refund_cancel",
        "refund_create",
        "refund_list",
        "refund_retrieve",
        "refund_update",
        "topup_create",
        "topup_list",
        "topup_retrieve",
        "transfer_create",
        "transfer_list",
        "transfer_retrieve",
        "transfer_update",
        "transfer_reversal_create",
        "transfer_reversal_list",
        "transfer_reversal_retrieve",
        "webhook_endpoint_create",
        "webhook_endpoint_delete",
        "webhook_endpoint_list",
        "webhook_endpoint_retrieve",
        "webhook_endpoint_update",
    ],
    "v2.core": [
        "account_create",
        "account_list",
        "account_retrieve",
        "account_update",
        "account_close",
        "account_link_create",
        "event_list",
        "event_retrieve",
    ],
}


def extract() -> dict[str, Any]:
    """Return operation name -> description of its parameters."""
    described = {}
    for area, names in OPERATIONS.items():
        package = "stripe.params" if area == "v1" else "stripe.params.v2.core"
        for name in names:
            module = importlib.import_module(f"{package}._{name}_params")
            title = "".join(part.capitalize() for part in name.split("_")) + "Params"
            key = name if area == "v1" else f"v2_{name}"
            described[key] = _object(getattr(module, title), vars(module))
    _add_undescribed(described)
    return described


def _add_undescribed(described: dict[str, Any]) -> None:
    """Add what Stripe takes although this version of the SDK does not list it."""
    # Stripe.js sends the secret with a publishable key; server libraries never do.
    described["payment_intent_confirm"]["fields"] |= {"client_secret": "str"}
    # The cursor inside next_page_url.
    described["v2_account_list"]["fields"]["page"] = "str"
    # Required by v2 before endive (payments.md 1.6); harmless since.
    onboarding = described["v2_account_link_create"]["fields"]["use_case"]["fields"]["account_onboarding"]
    onboarding["fields"]["configurations"] = {"list": {"enum": ["customer", "merchant", "recipient"]}}


def _object(cls: type, namespace: dict[str, Any]) -> dict[str, Any]:
    hints = _own_hints(cls, namespace)
    fields: dict[str, Any] = {}
    required = []
    for name, hint in hints.items():
        if get_origin(hint) in (NotRequired, typing_extensions.NotRequired):
            (hint,) = get_args(hint)
        else:
            required.append(name)
        node = _node(hint, namespace)
        fields[name] = _card_only(node) if name in _CARD_ONLY else node
    return {"fields": fields} | ({"required": required} if required else {})


def _own_hints(cls: type, namespace: dict[str, Any]) -> dict[str, Any]:
    """Return the annotations of the class without those of the SDK's request options."""
    inherited: set[str] = set()
    if RequestOptions in getattr(cls, "__orig_bases__", ()):
        inherited = set(RequestOptions.__annotations__)
    raw = {name: hint for name, hint in inspect.get_annotations(cls).items() if name not in inherited}
    holder = types.new_class("Holder", (), {})
    holder.__annotations__ = raw
    return typing_extensions.get_type_hints(holder, vars(typing) | namespace, include_extras=True)


def _node(hint: Any, namespace: dict[str, Any]) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union([arm for arm in get_args(hint) if arm is not type(None)], namespace)
    if origin in (Literal, typing_extensions.Literal):
        return {"enum": list(get_args(hint))}
    if origin is list:
        return {"list": _node(get_args(hint)[0], namespace)}
    if origin is dict or "UntypedStripeObject" in str(hint):
        return "map"
    if typing_extensions.is_typeddict(hint) or _is_options(hint):
        return _object(hint, namespace)
    return {int: "int", bool: "bool", str: "str", float: "num"}.get(hint, "any")


def _is_options(hint: Any) -> bool:
    return isinstance(hint, type) and hasattr(hint, "__total__")


def _union(arms: list[Any], namespace: dict[str, Any]) -> Any:
    nodes = [_node(arm, namespace) for arm in arms]
    enums = [node for node in nodes if isinstance(node, dict) and "enum" in node]
    values = [value for node in enums for value in node["enum"]]
    others = [node for node in nodes if node not in enums]
    if values == [""] and others:
        chosen = others[0]
        return chosen | {"unset": True} if isinstance(chosen, dict) else {"of": chosen, "unset": True}
    if values and others in ([], ["str"]):
        return {"enum": values}
    structured = [node for node in others if isinstance(node, dict)]
    if structured and "int" in others:
        return {"either": ["int", structured[0]]}
    return structured[0] if structured else others[0]


def _card_only(node: Any) -> Any:
    fields = {name: inner for name, inner in node["fields"].items() if name in _KEPT_METHODS}
    return node | {"fields": fields, "required": [name for name in node.get("required", []) if name in fields]}


def main() -> None:
    """Write the file."""
    TARGET.write_text(json.dumps(extract(), indent=None, sort_keys=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

"""How stored resources look from outside: computed fields, expansion, lists."""

from collections.abc import Callable, Mapping
from typing import Any

from standins.stripe.call import Call
from standins.stripe.errors import invalid_parameter, invalid_request
from standins.stripe.events import public
from standins.stripe.session import ListQuery
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit

_EXPANDABLE = frozenset(
    [
        "account",
        "balance_transaction",
        "charge",
        "customer",
        "destination",
        "destination_payment",
        "failure_balance_transaction",
        "latest_charge",
        "payment_intent",
        "payment_method",
        "source",
        "source_transaction",
        "source_transfer",
        "source_transfer_reversal",
        "transfer",
        "transfer_reversal",
        "destination_payment_refund",
        "source_refund",
        "refunds",
    ]
)
_LARGEST_PAGE = 100
_COMPUTED: dict[str, Callable[[Unit, JsonObject], JsonObject]] = {}


def computes(
    kind: str,
) -> Callable[[Callable[[Unit, JsonObject], JsonObject]], Callable[[Unit, JsonObject], JsonObject]]:
    """Register how the public form of a kind is computed from what is stored."""

    def register(compute: Callable[[Unit, JsonObject], JsonObject]) -> Callable[[Unit, JsonObject], JsonObject]:
        _COMPUTED[kind] = compute
        return compute

    return register


def present(unit: Unit, body: JsonObject) -> JsonObject:
    """Return a resource as Stripe would show it now."""
    compute = _COMPUTED.get(body.get("object", ""))
    return compute(unit, body) if compute else public(body)


def expanded(unit: Unit, body: JsonObject, paths: list[str]) -> JsonObject:
    """Return the presented body with the asked-for ids replaced by their objects."""
    for path in paths:
        _expand(unit, body, path.split("."), whole=path)
    return body


def listed(
    call: Call,
    kind: str,
    *,
    url: str,
    filters: Mapping[str, str | tuple[str, ...] | None] | None = None,
    title: str | None = None,
    is_delivered: bool | None = None,
) -> JsonObject:
    """Return one page of the account's resources of a kind, newest first, with Stripe's cursors."""
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= _LARGEST_PAGE:
        raise invalid_parameter("Invalid limit: must be between 1 and 100", code=None, param="limit")
    for cursor in ("starting_after", "ending_before"):
        if identifier := call.text(cursor):
            call.require(kind, title or kind.replace("_", " "), identifier, param=cursor)
    created = call.params.get("created") or {}
    page = call.unit.session.page(
        ListQuery(
            kind,
            call.account,
            {name: value for name, value in (filters or {}).items() if value is not None},
            created if isinstance(created, dict) else {"gte": created, "lte": created},
            limit=limit,
            starting_after=call.text("starting_after"),
            ending_before=call.text("ending_before"),
            is_delivered=is_delivered,
        )
    )
    data = [present(call.unit, row) for row in page.rows]
    return {"object": "list", "data": data, "has_more": page.has_more, "url": url}


def merge_metadata(body: JsonObject, given: JsonObject | None) -> None:
    """Merge as Stripe does: an empty text removes its key, unsetting the whole removes all."""
    if not given:
        body["metadata"] = {}
        return
    merged = body.get("metadata", {}) | {name: str(value) for name, value in given.items()}
    body["metadata"] = {name: value for name, value in merged.items() if value != ""}


def new_metadata(call: Call) -> dict[str, str]:
    """Return the metadata of a resource that is being created."""
    given = call.params.get("metadata") or {}
    return {name: str(value) for name, value in given.items() if value != ""}


def _expand(unit: Unit, node: Any, steps: list[str], *, whole: str) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(unit, item, steps, whole=whole)
        return
    step, rest = steps[0], steps[1:]
    if not isinstance(node, dict):
        return
    if step == "data" and node.get("object") == "list":
        _expand(unit, node["data"], rest, whole=whole)
        return
    if step not in _EXPANDABLE or (step not in node and step != "refunds"):
        raise invalid_request(f"This property cannot be expanded ({whole}).", param="expand")
    node[step] = _found(unit, node, step)
    if rest and node[step] is not None:
        _expand(unit, node[step], rest, whole=whole)


def _found(unit: Unit, node: JsonObject, step: str) -> Any:
    if step == "refunds" and node.get("object") == "charge":
        rows = [present(unit, row) for row in unit.session.all("refund", _owner(unit, node), charge=node["id"])]
        url = f"/v1/charges/{node['id']}/refunds"
        return {"object": "list", "data": rows[::-1], "has_more": False, "url": url}
    value = node[step]
    if not isinstance(value, str):
        return value
    body = unit.session.find(value)
    return value if body is None else present(unit, body)


def _owner(unit: Unit, node: JsonObject) -> str:
    unit.session.find(node["id"])
    return unit.session.account_of(node["id"])


@computes("balance_transaction")
def _balance_transaction(unit: Unit, body: JsonObject) -> JsonObject:
    return public(body) | {"status": "available" if body["available_on"] <= unit.now else "pending"}

"""Customers."""

from standins.stripe.call import Call, Operation
from standins.stripe.presentation import listed, merge_metadata, new_metadata, present
from standins.stripe.shape import JsonObject

_FIELDS = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping", "business_name")


def create(call: Call) -> JsonObject:
    """Create a customer."""
    given = {name: call.params.get(name) for name in _FIELDS}
    body = {
        "id": call.unit.new_id("cus"),
        "object": "customer",
        "balance": 0,
        "created": call.unit.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": call.unit.new_id("x")[2:10].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": new_metadata(call),
        "next_invoice_sequence": 1,
        "tax_exempt": "none",
        "test_clock": None,
    } | given
    body["preferred_locales"] = given["preferred_locales"] or []
    call.unit.session.add("customer", call.account, body)
    call.unit.events.emit("customer.created", body, account=call.account)
    return body


def retrieve(call: Call) -> JsonObject:
    """Return a customer; a deleted one says so."""
    body = call.unit.session.get("customer", call.path["id"], call.account)
    if body is not None and body.get("deleted"):
        return body
    return call.require("customer", "customer", call.path["id"])


def update(call: Call) -> JsonObject:
    """Change what was given."""
    body = call.require("customer", "customer", call.path["id"])
    for name in _FIELDS:
        if name in call.params:
            body[name] = call.params[name] or None
    if "metadata" in call.params:
        merge_metadata(body, call.params["metadata"])
    call.unit.session.touch(body)
    call.unit.events.emit("customer.updated", body, previous={}, account=call.account)
    return body


def delete(call: Call) -> JsonObject:
    """Delete a customer; the id keeps answering that it is deleted."""
    body = call.require("customer", "customer", call.path["id"])
    call.unit.events.emit("customer.deleted", body, account=call.account)
    kept = {"id": body["id"], "object": "customer", "deleted": True, "created": body["created"]}
    body.clear()
    body.update(kept)
    call.unit.session.touch(body)
    return {name: kept[name] for name in ("id", "object", "deleted")}


def list_customers(call: Call) -> JsonObject:
    """List customers, by email if asked."""
    return listed(call, "customer", url="/v1/customers", filters={"email": call.text("email")})


def list_payment_methods(call: Call) -> JsonObject:
    """List the payment methods attached to a customer."""
    customer = call.require("customer", "customer", call.path["id"])
    url = f"/v1/customers/{customer['id']}/payment_methods"
    return listed(call, "payment_method", url=url, filters={"customer": customer["id"]})


def retrieve_payment_method(call: Call) -> JsonObject:
    """Return one payment method of a customer."""
    return present(call.unit, call.require("payment_method", "PaymentMethod", call.path["payment_method"]))


OPERATIONS = (
    Operation("POST", "/v1/customers", create, "customer_create"),
    Operation("GET", "/v1/customers", list_customers, "customer_list"),
    Operation("GET", "/v1/customers/{id}", retrieve, "customer_retrieve"),
    Operation("POST", "/v1/customers/{id}", update, "customer_update"),
    Operation("DELETE", "/v1/customers/{id}", delete, "customer_delete"),
    Operation("GET", "/v1/customers/{id}/payment_methods", list_payment_methods, "customer_payment_method_list"),
    Operation(
        "GET",
        "/v1/customers/{id}/payment_methods/{payment_method}",
        retrieve_payment_method,
        "customer_payment_method_retrieve",
    ),
)

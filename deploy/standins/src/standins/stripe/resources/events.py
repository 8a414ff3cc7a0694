"""Reading stored events, v1 snapshots and v2."""

from standins.stripe.call import Call, Operation
from standins.stripe.events import public, rfc3339
from standins.stripe.presentation import computes, listed, present
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit


def retrieve(call: Call) -> JsonObject:
    """Return an event."""
    return present(call.unit, call.require("event", "event", call.path["id"]))


def list_events(call: Call) -> JsonObject:
    """List events, by types or by whether every address has accepted them if asked."""
    types = tuple(call.params.get("types") or ()) or call.text("type")
    is_delivered = call.params.get("delivery_success")
    return listed(call, "event", url="/v1/events", filters={"type": types}, is_delivered=is_delivered)


def retrieve_v2(call: Call) -> JsonObject:
    """Return a v2 event."""
    return _v2_shape(call.require("v2_event", "event", call.path["id"]))


def _v2_shape(body: JsonObject) -> JsonObject:
    return public(body) | {"created": rfc3339(body["created"])}


@computes("event")
def _with_pending(unit: Unit, body: JsonObject) -> JsonObject:
    return body | {"pending_webhooks": unit.events.pending(body["id"])}


OPERATIONS = (
    Operation("GET", "/v1/events", list_events, "event_list"),
    Operation("GET", "/v1/events/{id}", retrieve, "event_retrieve"),
    Operation("GET", "/v2/core/events/{id}", retrieve_v2, "v2_event_retrieve"),
)

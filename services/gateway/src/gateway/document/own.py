"""What the document says that no service says: conventions, problems, and the gateway's own operations."""

from typing import Any

from gateway.activity import Activity

Operation = dict[str, Any]

DESCRIPTION = (
    "One address for everything that a client app of the market needs.\n\n"
    "Who is asking: browsers sign in at POST /v1/sessions and keep a cookie that scripts cannot read; apps ask "
    "POST /v1/tokens and send the access token as Authorization: Bearer. Guests keep a cart by its token, in a cookie or "
    "in the header Halles-Cart.\n\n"
    "Money is {amount, currency}: whole minor units (cents) and an ISO 4217 code. Times are RFC 3339 in UTC. Published texts "
    "come as {fr, en}. Lists are {items, next}: send next back as ?cursor= for the following page.\n\n"
    "Composed answers carry partial: the optional parts that could not be had just now are null and named there. A required "
    "part that is away is a 503 with Retry-After.\n\n"
    "Writes that buy something need an Idempotency-Key: a new random word for each new thing, the same one for a retry; the "
    "answer of the first one is then given again with Idempotent-Replayed: true. POST /v1/checkouts answers 202 at once, or "
    "with Prefer: wait=N (at most 20 seconds) 200 when the order is decided. GET /v1/orders/{order_id}/events streams the rest.\n\n"
    "Refusals are application/problem+json with a stable code. Halles-Request-Id on every answer names the request in "
    "everything that it causes. Limits per minute are told by RateLimit and, when reached, by 429 with Retry-After."
)

SECURITY_SCHEMES: Operation = {
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-halles-session"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}


def _operation(summary: str, description: str, **more: Any) -> Operation:
    return {"summary": summary, "description": description, "responses": {"200": {"description": "Done"}}, **more}


def _of_type(media_type: str, description: str, schema: Operation | None = None) -> Operation:
    return {"description": description, "content": {media_type: {"schema": schema or {"type": "string"}}}}


_VISIT = {"type": "object", "properties": {"visit_id": {"type": "string"}}, "required": ["visit_id"]}
_SERVICES = {
    "type": "object",
    "properties": {
        "services": {"type": "object", "additionalProperties": {"type": "string", "enum": ["ready", "away"]}}
    },
    "required": ["services"],
}
_ORDER_ID = {"name": "order_id", "in": "path", "required": True, "schema": {"type": "string"}}
_CODE = {"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}

OWN: dict[str, Operation] = {
    "webhook": _operation(
        "Signed callback of a partner",
        "Not for client apps: the partner's signature over the raw body is the only key.",
        requestBody={"content": {"application/json": {"schema": {"type": "object"}}}},
    ),
    "order-events": _operation(
        "An order, live",
        "Server-Sent Events. Each `order` event carries the whole order as GET /v1/orders/{order_id} shows it: the first one at "
        "once, the next ones when something changed. Ids are for Last-Event-ID. A comment every 15 seconds keeps the line "
        "open; at most 5 streams per account.",
        parameters=[_ORDER_ID],
        responses={"200": _of_type("text/event-stream", "The stream")},
    ),
    "health": _operation(
        "Are all services there",
        "503 with the same body when one of them is away.",
        responses={"200": _of_type("application/json", "All are ready", _SERVICES)},
    ),
    "activity": _operation(
        "Tell that a page was seen",
        "Only after the person agreed (`consent: true`). Send the visit's id of the first answer with the next ones, and as "
        "the header Halles-Visit of searches. Nothing ties it to an account; it may be lost.",
        requestBody={"required": True, "content": {"application/json": {"schema": Activity.model_json_schema()}}},
        responses={"202": _of_type("application/json", "Noted", _VISIT)},
    ),
    "docs": _operation("This page", "For people.", responses={"200": _of_type("text/html", "The page")}),
    "docs-style": _operation("Its style", "For browsers.", responses={"200": _of_type("text/css", "The style")}),
    "openapi": _operation(
        "This document",
        "OpenAPI 3.1.",
        responses={"200": _of_type("application/json", "The document", {"type": "object"})},
    ),
    "problem-page": _operation(
        "About a problem's code",
        "What it means and what to do.",
        parameters=[_CODE],
        responses={"200": _of_type("text/html", "The page")},
    ),
}

"""What the gateway adds to the answers that it composes, as schemas: optional parts are null when they could not be had."""

from typing import Any

Schema = dict[str, Any]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema, description: str) -> Schema:
    return {"anyOf": [schema, {"type": "null"}], "description": description}


_PARTIAL: Schema = {
    "type": "array",
    "description": "Optional parts that could not be had; empty when everything is there.",
    "items": {
        "type": "object",
        "properties": {
            "part": {"type": "string"},
            "reason": {"type": "string", "enum": ["timeout", "connect", "garbage", "failed", "refused"]},
        },
        "required": ["part", "reason"],
    },
}
_SHOP: Schema = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("seller_id", "handle", "name")},
    "required": ["seller_id", "handle", "name"],
}
_SHOPS = _or_null({"type": "object", "additionalProperties": _SHOP}, "Names of the shops, by seller id.")
_RATING = _ref("review.RatingAnswer")
_SHIPMENTS = {"type": "array", "items": _ref("logistics.ShipmentView")}

_MOMENT: Schema = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
_BACKLOG = _or_null(
    {
        "type": "object",
        "properties": {
            "outbox": {"type": "integer", "description": "Events that are not published yet."},
            "outbox_since": _MOMENT,
            "parked": {"type": "integer", "description": "Events set aside because one before them failed."},
            "parked_since": _MOMENT,
        },
    },
    "Null when the service did not answer.",
)
_ORDER: dict[str, Schema] = {
    "shipments": _or_null(_SHIPMENTS, "Parcels of the order."),
    "payment": _or_null(_ref("payment.PaymentView"), "Null also before payment has begun."),
    "sellers": _SHOPS,
    "partial": _PARTIAL,
}

_CONSUMED: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "consumed": {
                "type": "array",
                "description": "Who has processed the event, and when.",
                "items": {"type": "object"},
            }
        },
    },
}

PARTS: dict[str, dict[str, Schema]] = {
    "product": {
        "reviews": _or_null(_ref("review.ReviewList"), "Rating and first reviews."),
        "sellers": _SHOPS,
        "partial": _PARTIAL,
    },
    "products": {"ratings": {"type": "object", "additionalProperties": _RATING}, "partial": _PARTIAL},
    "search": {"partial": _PARTIAL},
    "shop": {
        "products": _or_null(_ref("catalog.Page_ProductCard_"), "Newest products of the shop."),
        "rating": _or_null(_RATING, "Null also without any review."),
        "pictures": _or_null(_ref("catalog.ShopPicturesView"), "Null also without any picture."),
        "partial": _PARTIAL,
    },
    "shops": {
        "ratings": {"type": "object", "additionalProperties": _RATING},
        "pictures": {"type": "object", "additionalProperties": _ref("catalog.ShopPicturesView")},
        "partial": _PARTIAL,
    },
    "cart": {"names": _SHOPS, "partial": _PARTIAL},
    "order": _ORDER,
    "seller-order": {
        "shipment": _or_null(_ref("logistics.SellerShipmentView"), "Null also before the shipment exists."),
        "partial": _PARTIAL,
    },
    "trace": {"events": _CONSUMED, "partial": _PARTIAL},
    "pipeline": {"services": {"type": "object", "additionalProperties": _BACKLOG}, "partial": _PARTIAL},
}

_DECIDED = [
    _ref("order.AcceptedAnswer"),
    _ref("order.OrderAnswer"),
    {"type": "object", "properties": _ORDER, "required": sorted(_ORDER)},
]
WAITING: dict[str, list[Schema]] = {"checkout": _DECIDED, "another-payment": _DECIDED}
"""What a checkout answers when it was decided while the client waited."""

OPENED: Schema = {
    "type": "object",
    "title": "OpenedSession",
    "properties": {"expires_at": {"type": "string", "format": "date-time"}, "account": _ref("identity.Me")},
    "required": ["expires_at", "account"],
}
"""What a sign-in answers a browser: the session's secret goes into the cookie and leaves the body."""

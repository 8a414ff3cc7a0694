"""Public routes of logistics, review, messaging and analytics, and of the gateway itself."""

from gateway.table.route import Access, CachePolicy, Route, get, write

_STAFF = ("seller-owner", "seller-staff")
_OPERATOR = ("support", "admin")

LOGISTICS: tuple[Route, ...] = (
    get("/v1/orders/{order_id}/shipments", "logistics", roles=("buyer", *_OPERATOR)),
    get("/v1/sellers/{seller_id}/shipments", "logistics", roles=_STAFF),
    get("/v1/sellers/{seller_id}/shipments/{shipment_id}", "logistics", roles=_STAFF),
    write("POST", "/v1/sellers/{seller_id}/shipments/{shipment_id}/ship", "logistics", roles=_STAFF),
    write("POST", "/webhooks/carrier", "logistics", Access.SIGNED, weight=0, headers=("carrier-signature",)),
)

REVIEW: tuple[Route, ...] = (
    write("POST", "/v1/reviews", "review", roles=("buyer",), keyed=True),
    get("/v1/me/reviewable", "review", roles=("buyer",)),
    get(
        "/v1/products/{product_id}/reviews",
        "review",
        Access.PUBLIC,
        cache=CachePolicy("reviews", 300, frozenset({"cursor", "limit"})),
    ),
    get("/v1/ratings", "review", Access.PUBLIC),
)

MESSAGING: tuple[Route, ...] = (
    get("/v1/notifications", "messaging"),
    write("POST", "/v1/notifications/read", "messaging"),
)

ANALYTICS: tuple[Route, ...] = (
    get("/v1/operator/sales", "analytics", roles=_OPERATOR),
    get("/v1/sellers/{seller_id}/sales", "analytics", roles=_STAFF),
    get("/v1/operator/pipeline", "analytics", roles=_OPERATOR, view="pipeline", budget_ms=5_000),
    get("/v1/operator/audience", "analytics", roles=_OPERATOR),
    get("/v1/operator/traces/{correlation_id}", "analytics", roles=_OPERATOR, view="trace", budget_ms=3_000),
)

OWN: tuple[Route, ...] = (
    get("/v1/health", "gateway", Access.PUBLIC, view="health"),
    write("POST", "/v1/activity", "gateway", Access.PUBLIC, view="activity", weight=1),
    get("/docs", "gateway", Access.PUBLIC, view="docs"),
    get("/docs.css", "gateway", Access.PUBLIC, view="docs-style"),
    get("/openapi.json", "gateway", Access.PUBLIC, view="openapi"),
    get("/problems/{code}", "gateway", Access.PUBLIC, view="problem-page"),
)

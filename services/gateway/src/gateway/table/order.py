"""Public routes of order."""

from gateway.table.route import Access, Route, get, write

_STAFF = ("seller-owner", "seller-staff")
_BUYER = ("buyer",)
_OPERATOR = ("support", "admin")

ROUTES: tuple[Route, ...] = (
    get("/v1/cart", "order", Access.EITHER, view="cart"),
    write("PUT", "/v1/cart/lines/{offer_id}", "order", Access.EITHER, view="cart"),
    write("DELETE", "/v1/cart/lines/{offer_id}", "order", Access.EITHER, view="cart"),
    write("POST", "/v1/checkouts", "order", roles=_BUYER, view="checkout", keyed=True, weight=5, fresh=True),
    get("/v1/orders", "order", roles=_BUYER),
    get("/v1/orders/{order_id}", "order", roles=(*_BUYER, *_OPERATOR), view="order"),
    get("/v1/orders/{order_id}/events", "order", roles=(*_BUYER, *_OPERATOR), view="order-events"),
    write(
        "POST",
        "/v1/orders/{order_id}/payment",
        "order",
        roles=_BUYER,
        view="another-payment",
        keyed=True,
        weight=5,
        fresh=True,
    ),
    write("POST", "/v1/orders/{order_id}/cancellation", "order", roles=_BUYER),
    get("/v1/sellers/{seller_id}/order-counts", "order", roles=_STAFF),
    get("/v1/sellers/{seller_id}/orders", "order", roles=_STAFF),
    get("/v1/sellers/{seller_id}/orders/{seller_order_id}", "order", roles=_STAFF, view="seller-order"),
    get("/v1/operator/orders", "order", roles=_OPERATOR),
)

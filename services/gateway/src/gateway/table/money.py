"""Public routes of payment."""

from gateway.table.route import SLOW_MS, Access, Route, get, write

_OWNER = ("seller-owner",)
_OPERATOR = ("support", "admin")

ROUTES: tuple[Route, ...] = (
    get("/v1/payments/{order_id}", "payment", roles=("buyer", *_OPERATOR)),
    write("POST", "/v1/payments/{order_id}/refresh", "payment", roles=("buyer", *_OPERATOR), budget_ms=SLOW_MS),
    get("/v1/payment-config", "payment", Access.PUBLIC),
    write("POST", "/v1/sellers/{seller_id}/payout-account", "payment", roles=_OWNER, budget_ms=SLOW_MS, fresh=True),
    get("/v1/sellers/{seller_id}/payout-account", "payment", roles=(*_OWNER, *_OPERATOR)),
    get("/v1/sellers/{seller_id}/earnings", "payment", roles=(*_OWNER, *_OPERATOR)),
    get("/v1/sellers/{seller_id}/settlements", "payment", roles=(*_OWNER, *_OPERATOR)),
    get("/v1/operator/orders/{order_id}/money", "payment", roles=_OPERATOR),
    write("POST", "/v1/operator/settlements/{seller_order_id}/release", "payment", roles=("admin",), fresh=True),
    get("/v1/operator/ledger/balances", "payment", roles=_OPERATOR),
    write("POST", "/webhooks/stripe", "payment", Access.SIGNED, weight=0, headers=("stripe-signature",)),
)

"""Public routes of identity."""

from gateway.table.route import SLOW_MS, Access, CachePolicy, Route, get, write

_OWNER = ("seller-owner",)
_STAFF = ("seller-owner", "seller-staff")
_OPERATOR = ("support", "admin")
_SHOPS = CachePolicy("seller", 300, frozenset({"cursor", "limit", "ids"}))

ROUTES: tuple[Route, ...] = (
    write("POST", "/v1/accounts", "identity", Access.EITHER, budget_ms=SLOW_MS, weight=10),
    write("POST", "/v1/guests", "identity", Access.EITHER, view="sign-in", weight=10),
    write("POST", "/v1/accounts/verification", "identity", Access.PUBLIC, weight=5),
    write("POST", "/v1/accounts/verification-requests", "identity", Access.PUBLIC, weight=10),
    write("POST", "/v1/sessions", "identity", Access.EITHER, view="sign-in", budget_ms=SLOW_MS, weight=10),
    write("DELETE", "/v1/sessions/current", "identity", view="sign-out"),
    get("/v1/sessions", "identity"),
    write("DELETE", "/v1/sessions", "identity"),
    write("DELETE", "/v1/sessions/{session_id}", "identity"),
    write("POST", "/v1/tokens", "identity", Access.PUBLIC, budget_ms=SLOW_MS, weight=10),
    write("POST", "/v1/tokens/revocation", "identity", Access.PUBLIC),
    get("/v1/me", "identity"),
    write("PATCH", "/v1/me", "identity"),
    write("POST", "/v1/me/password", "identity", budget_ms=SLOW_MS, weight=10, fresh=True),
    write("POST", "/v1/password-resets", "identity", Access.PUBLIC, weight=10),
    write("POST", "/v1/password-resets/confirmation", "identity", Access.PUBLIC, budget_ms=SLOW_MS, weight=10),
    write("POST", "/v1/sellers", "identity", fresh=True),
    get("/v1/sellers", "identity", Access.PUBLIC, view="shops", cache=_SHOPS),
    get("/v1/sellers/{seller_id}", "identity", Access.PUBLIC, view="shop", cache=_SHOPS),
    write("PATCH", "/v1/sellers/{seller_id}", "identity", roles=_OWNER),
    get("/v1/sellers/{seller_id}/members", "identity", roles=_STAFF),
    write("POST", "/v1/sellers/{seller_id}/members", "identity", roles=_OWNER, weight=5, fresh=True),
    write("DELETE", "/v1/sellers/{seller_id}/members/{account_id}", "identity", roles=_STAFF, fresh=True),
    get("/v1/operator/sellers", "identity", roles=_OPERATOR),
    write("POST", "/v1/operator/sellers/{seller_id}/open", "identity", roles=("admin",), fresh=True),
    write("POST", "/v1/operator/sellers/{seller_id}/suspend", "identity", roles=("admin",), fresh=True),
    write("POST", "/v1/operator/sellers/{seller_id}/close", "identity", roles=("admin",), fresh=True),
    get("/v1/operator/accounts", "identity", roles=_OPERATOR),
    write("PUT", "/v1/operator/accounts/{account_id}/roles", "identity", roles=("admin",), fresh=True),
)

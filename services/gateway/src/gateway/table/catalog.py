"""Public routes of catalog."""

from gateway.table.route import KIBIBYTE, SLOW_MS, Access, CachePolicy, Route, get, write

_STAFF = ("seller-owner", "seller-staff")
_PICTURES = ("image/jpeg", "image/png", "image/webp")
_LARGEST_PICTURE = 10 * 1024 * KIBIBYTE
_SEARCH = frozenset(
    ["q", "lang", "category", "min_price", "max_price", "seller", "min_rating", "in_stock", "sort", "page", "limit"]
)  # fmt: skip

ROUTES: tuple[Route, ...] = (
    # No event tells of categories: seconds bound how long a new one stays unseen.
    get("/v1/categories", "catalog", Access.PUBLIC, cache=CachePolicy("categories", 5)),
    write("POST", "/v1/operator/categories", "catalog", roles=("admin",)),
    write("PATCH", "/v1/operator/categories/{category_id}", "catalog", roles=("admin",)),
    get(
        "/v1/products",
        "catalog",
        Access.PUBLIC,
        view="products",
        cache=CachePolicy("products", 300, frozenset({"category", "seller", "cursor", "limit"})),
    ),
    get("/v1/products/{product_id}", "catalog", Access.PUBLIC, view="product", cache=CachePolicy("product", 300)),
    get(
        "/v1/search", "catalog", Access.PUBLIC, view="search", cache=CachePolicy("search", 2, _SEARCH), budget_ms=2_500
    ),
    get(
        "/v1/suggestions",
        "catalog",
        Access.PUBLIC,
        cache=CachePolicy("search", 5, frozenset({"q", "lang", "limit"})),
    ),
    get("/v1/offers", "catalog", Access.PUBLIC),
    write("POST", "/v1/sellers/{seller_id}/products", "catalog", roles=_STAFF),
    get("/v1/sellers/{seller_id}/offers", "catalog", roles=_STAFF),
    write("POST", "/v1/sellers/{seller_id}/offers", "catalog", roles=_STAFF),
    write("PATCH", "/v1/sellers/{seller_id}/offers/{offer_id}", "catalog", roles=_STAFF),
    write(
        "POST",
        "/v1/sellers/{seller_id}/media",
        "catalog",
        roles=_STAFF,
        budget_ms=2 * SLOW_MS,
        weight=5,
        body_limit=_LARGEST_PICTURE,
        media_types=_PICTURES,
    ),
    write("PUT", "/v1/sellers/{seller_id}/products/{product_id}/images", "catalog", roles=_STAFF),
    write("PUT", "/v1/sellers/{seller_id}/pictures", "catalog", roles=_STAFF),
    get("/v1/shop-pictures", "catalog", Access.PUBLIC),
    # Free of charge for the visitor's limit: one page shows dozens, and browsers keep them for ever.
    get("/media/{digest}/{file}", "catalog", Access.PUBLIC, view="media", weight=0),
)

"""Every page of the site with the ids of the market that runs, and who may open it."""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from halles_local.addresses import demo_accounts
from halles_local.client.api import Caller, Refused
from halles_local.client.session import Market
from web.addresses import ADDRESSES

Who = Literal["visitor", "buyer", "seller", "operator"]
PEOPLE: tuple[Who, ...] = ("visitor", "buyer", "seller", "operator")

PAGES: dict[str, Who] = {
    "/": "visitor",
    "/search": "visitor",
    "/search?q=miel": "visitor",
    "/search?category={category}&view=map": "visitor",
    "/search?category={category}&view=grid": "visitor",
    "/search?q=zzzzqqqq": "visitor",
    "/products/{product_id}": "visitor",
    "/shops": "visitor",
    "/shops?near=69002": "visitor",
    "/shops/{handle}": "visitor",
    "/legal/notice": "visitor",
    "/legal/terms": "visitor",
    "/legal/privacy": "visitor",
    "/legal/ranking": "visitor",
    "/offline": "visitor",
    "/nowhere": "visitor",
    "/checkout?as=guest": "visitor",
    "/cart": "buyer",
    "/checkout": "buyer",
    "/orders": "buyer",
    "/orders/{order_id}": "buyer",
    "/reviews": "buyer",
    "/account": "buyer",
    "/notifications": "buyer",
    "/sign-up": "visitor",
    "/sign-in": "visitor",
    "/verify": "visitor",
    "/forgotten": "visitor",
    "/reset?token=none": "visitor",
    "/sell?all=1": "seller",
    "/sell/register": "buyer",
    "/sell/{seller_id}": "seller",
    "/sell/{seller_id}/orders": "seller",
    "/sell/{seller_id}/orders/{seller_order_id}": "seller",
    "/sell/{seller_id}/orders/{seller_order_id}/slip": "seller",
    "/sell/{seller_id}/offers": "seller",
    "/sell/{seller_id}/offers/new": "seller",
    "/sell/{seller_id}/products/{product_id}/pictures": "seller",
    "/sell/{seller_id}/payouts": "seller",
    "/sell/{seller_id}/profile": "seller",
    "/operator": "operator",
    "/operator/changes": "operator",
    "/operator/sellers": "operator",
    "/operator/orders": "operator",
    "/operator/orders/{order_id}": "operator",
    "/operator/people?email={email}": "operator",
    "/operator/pipeline": "operator",
}
"""Address in French with the ids to fill in, and who looks at it."""

NOT_A_PAGE = {
    "/legal/{page}": "each is looked at by its name",
    "/robots.txt": "for machines",
    "/sitemap.xml": "for machines",
    "/suggestions": "a part of a page",
    "/orders/{order_id}/bank": "leads on at once unless the bank waits",
    "/orders/{order_id}/return": "leads on at once",
    "/orders/{order_id}/events": "a stream",
    "/offline.js": "for browsers",
    "/seller/orders/{seller_order_id}": "leads on at once",
}
"""GET addresses that show nothing to look at, each with its reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page to open. ``pattern`` names it; ``path`` is its French address."""

    pattern: str
    path: str
    who: Who

    @property
    def name(self) -> str:
        """A name for files: letters, digits and hyphens."""
        plain = self.pattern.replace("{", "").replace("}", "")
        return "-".join("".join(c if c.isalnum() else " " for c in plain).split()) or "home"

    @property
    def is_public(self) -> bool:
        """Search engines may find it; what somebody searched for is not for them."""
        return (
            self.who == "visitor"
            and "q=" not in self.pattern
            and self.pattern.split("?")[0]
            in (
                "/",
                "/search",
                "/products/{product_id}",
                "/shops",
                "/shops/{handle}",
                "/legal/{page}",
            )
        )


def forgotten() -> list[str]:
    """GET addresses of the site that are neither looked at nor excused: a new page must be added to ``PAGES``."""
    known = {pattern.partition("?")[0] for pattern in PAGES} | set(NOT_A_PAGE)
    return sorted({path for method, path, _ in ADDRESSES if method == "GET"} - known)


async def places(market: Market) -> list[Place]:
    """All pages with real ids: of a buyer who has ordered, and of the shop that sold it."""
    ids = await _ids(market)
    return [Place(pattern, pattern.format(**ids), who) for pattern, who in PAGES.items()]


def credentials(market: Market, who: Who) -> tuple[str, str]:
    """Address and password of the demo account that looks at the pages of ``who``; the same one as ``places`` found ids for."""
    for account in demo_accounts(market.stack):
        if account["role"] == who and (who != "seller" or account["shop"] == _SHOP):
            return account["email"], account["password"]
    raise LookupError(f"the market at {market.gateway} has no {who}")


_SHOP = "Le Rucher des Aravis"


async def _ids(market: Market) -> dict[str, str]:
    buyer, seller = [await _caller(market, who) for who in ("buyer", "seller")]
    shop = (await seller.get("/v1/me"))["sellers"][0]
    parts = (await seller.get(f"/v1/sellers/{shop['seller_id']}/orders"))["items"]
    products = (await buyer.get(f"/v1/products?seller={shop['seller_id']}&limit=1"))["items"]
    category = next(c for c in (await buyer.get("/v1/categories"))["items"] if c["parent_id"] is None)
    order = await _order(buyer)
    return {
        "seller_id": shop["seller_id"],
        "handle": shop["handle"],
        "seller_order_id": parts[0]["seller_order_id"],
        "product_id": products[0]["product_id"],
        "category": category["slug"],
        "order_id": order["order_id"],
        "email": quote(credentials(market, "buyer")[0]),
    }


async def for_a_cart(market: Market) -> list[str]:
    """Offers of two shops, so that a cart has two parcels."""
    found: dict[str, str] = {}
    for product in (await market.visitor().get("/v1/products?limit=40"))["items"]:
        whole = await market.visitor().get(f"/v1/products/{product['product_id']}")
        for offer in (offer for variant in whole["variants"] for offer in variant["offers"] if offer["available"]):
            found.setdefault(offer["seller_id"], offer["offer_id"])
        if len(found) > 1:
            break
    return list(found.values())[:2]


async def _order(buyer: Caller) -> dict[str, Any]:
    orders = (await buyer.get("/v1/orders"))["items"]
    if not orders:
        raise LookupError("the first demo buyer has no order")
    return dict(orders[0])


async def _caller(market: Market, who: Who) -> Caller:
    email, password = credentials(market, who)
    try:
        return await market.visitor(who).sign_in(email, password)
    except Refused as refused:
        raise LookupError(f"{email} cannot sign in") from refused

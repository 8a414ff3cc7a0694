"""For programs: robots.txt and the sitemap for search engines, the service worker for browsers."""

from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import PlainTextResponse, Response

from web.assets import served, static_url
from web.languages import Language
from web.page import Page

_PLAIN = ("/", "/search", "/shops", "/legal/notice", "/legal/terms", "/legal/privacy", "/legal/ranking")
_CLOSED = (
    "/cart",
    "/checkout",
    "/orders",
    "/account",
    "/notifications",
    "/reviews",
    "/sell",
    "/operator",
    "/suggestions",
)
_MOST_PAGES = 100
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_HOUR = {"Cache-Control": "public, max-age=3600"}


async def robots(page: Page) -> Response:
    """What is about a person is closed, in both languages."""
    closed = [f"Disallow: {Language(code).url(path)}" for path in _CLOSED for code in ("fr", "en")]
    lines = ["User-agent: *", *closed, f"Sitemap: {page.site_url}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers=_HOUR)


async def sitemap(page: Page) -> Response:
    """Every product, shop and category, with the same page in the other language."""
    categories = await page.shelves()
    products = await _all(page, "/v1/products")
    shops = await _all(page, "/v1/sellers")
    paths = [
        *_PLAIN,
        *(f"/search?category={item['slug']}" for item in categories),
        *(f"/shops/{item['handle']}" for item in shops),
        *(f"/products/{item['product_id']}" for item in products),
    ]
    body = _HEAD + "".join(_entry(page.site_url, path) for path in paths) + "</urlset>\n"
    return Response(body, media_type="application/xml", headers=_HOUR)


async def offline_worker(_: Page) -> Response:
    """The service worker stands at the root, so that it may serve every page; browsers look for a new one each time."""
    asset = served(static_url("offline.js"))
    return Response(
        asset.content if asset else b"", media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


async def _all(page: Page, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(_MOST_PAGES):
        answer = (await page.api.get(path, cursor=cursor, limit=100)).need()
        found.extend(answer["items"])
        cursor = answer["next"] or ""
        if not cursor:
            break
    return found


def _entry(site_url: str, path: str) -> str:
    addresses = {code: escape(site_url + Language(code).url(path)) for code in ("fr", "en")}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>' for code, address in addresses.items()
    )
    return "".join(f"<url><loc>{address}</loc>{links}</url>\n" for address in addresses.values())

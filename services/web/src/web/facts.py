"""Structured data for search engines (schema.org as JSON-LD): what the page shows, nothing more."""

from collections.abc import Callable, Mapping
from typing import Any

from web.languages import Language

Facts = Callable[[Language, str], list[dict[str, Any]]]
_CONTEXT = "https://schema.org"
_CONDITIONS = {"new": "NewCondition", "used": "UsedCondition", "refurbished": "RefurbishedCondition"}


def market(language: Language, site_url: str) -> list[dict[str, Any]]:
    """The market itself and how to search it."""
    home = site_url + language.url("/")
    search = {
        "@type": "SearchAction",
        "target": f"{site_url}{language.url('/search')}?q={{words}}",
        "query-input": "required name=words",
    }
    return [
        {"@context": _CONTEXT, "@type": "Organization", "name": "Halles", "url": home},
        {"@context": _CONTEXT, "@type": "WebSite", "name": "Halles", "url": home, "potentialAction": search},
    ]


def product(found: Mapping[str, Any], path: list[dict[str, Any]]) -> Facts:
    """A product with every offer, its reviews, and the way to it."""

    def told(language: Language, site_url: str) -> list[dict[str, Any]]:
        address = f"{site_url}{language.url('/products/' + found['product_id'])}"
        facts: dict[str, Any] = {
            "@context": _CONTEXT,
            "@type": "Product",
            "name": language.pick(found["title"]),
            "description": language.pick(found["description"]),
            "sku": found["product_id"],
            "url": address,
            "offers": [
                _offer(offer, found, address, shops=f"{site_url}{language.url('/shops/')}")
                for variant in found["variants"]
                for offer in variant["offers"]
            ],
        }
        if images := found.get("images"):
            facts["image"] = [site_url + image["sizes"][-1]["url"] for image in images]
        return [facts | _reviewed(found.get("reviews")), _crumbs(path, language, site_url)]

    return told


def shop(found: Mapping[str, Any]) -> Facts:
    """A workshop with its town."""

    def told(language: Language, site_url: str) -> list[dict[str, Any]]:
        address = {
            "@type": "PostalAddress",
            "postalCode": found["postal_code"],
            "addressLocality": found["town"],
            "addressCountry": found.get("country", "FR"),
        }
        return [
            {
                "@context": _CONTEXT,
                "@type": "Organization",
                "name": found["name"],
                "description": language.pick(found["description"]),
                "url": f"{site_url}{language.url('/shops/' + found['handle'])}",
                "address": address,
            }
        ]

    return told


def _offer(offer: Mapping[str, Any], found: Mapping[str, Any], address: str, *, shops: str) -> dict[str, Any]:
    money = offer["price"]
    shop = (found.get("sellers") or {}).get(offer["seller_id"])
    stock = "InStock" if offer["available"] else "OutOfStock"
    seller = {"@type": "Organization", "name": shop["name"], "url": shops + shop["handle"]} if shop else None
    return {
        "@type": "Offer",
        "url": address,
        "price": f"{money['amount'] // 100}.{money['amount'] % 100:02d}",
        "priceCurrency": money["currency"],
        "availability": f"{_CONTEXT}/{stock}",
        "itemCondition": f"{_CONTEXT}/{_CONDITIONS.get(offer['condition'], 'NewCondition')}",
        **({"seller": seller} if seller else {}),
    }


def _reviewed(reviews: Mapping[str, Any] | None) -> dict[str, Any]:
    if not reviews or not reviews["rating"]["count"]:
        return {}
    rated = reviews["rating"]
    average = {
        "@type": "AggregateRating",
        "ratingValue": f"{rated['average_hundredths'] / 100:.2f}",
        "reviewCount": rated["count"],
    }
    return {"aggregateRating": average}


def _crumbs(path: list[dict[str, Any]], language: Language, site_url: str) -> dict[str, Any]:
    steps = [("Halles", "/"), *((language.pick(item["name"]), f"/search?category={item['slug']}") for item in path)]
    items = [
        {"@type": "ListItem", "position": at, "name": name, "item": site_url + language.url(address)}
        for at, (name, address) in enumerate(steps, 1)
    ]
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}

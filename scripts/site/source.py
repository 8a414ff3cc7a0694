"""What can be judged from a page's source alone: valid HTML, unique ids, names of headings, what search engines read."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from justhtml import JustHTML

from scripts.site.visit import Visit

_LONGEST_TITLE, _LONGEST_DESCRIPTION = 75, 170
_NEEDED = {
    "Product": {"name", "offers"},
    "Offer": {"price", "priceCurrency", "availability"},
    "AggregateOffer": {"lowPrice", "priceCurrency", "offerCount"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "Organization": {"name", "url"},
    "AggregateRating": {"ratingValue", "reviewCount"},
    "Review": {"author", "reviewRating"},
}
"""What a reader of structured data asks of each type (schema.org, search engines' required properties)."""


def faults_of_markup(seen: Visit) -> list[str]:
    """Parse errors, ids that stand twice, references to ids that are not there, headings that skip a level."""
    document = JustHTML(seen.html, sanitize=False, collect_errors=True)
    faults = [f"line {error.line}: {error.code}" for error in document.errors]
    ids = Counter(_value(node, "id") for node in document.query("[id]"))
    faults += [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for node in document.query(f"[{attribute}]"):
            faults += [
                f"{attribute}={name!r} leads nowhere" for name in _value(node, attribute).split() if name not in ids
            ]
    levels = [int(node.name[1]) for node in document.query("h1, h2, h3, h4, h5, h6")]
    faults += [f"h{a} is followed by h{b}" for a, b in itertools.pairwise(levels) if b > a + 1]
    if levels.count(1) != 1:
        faults.append(f"{levels.count(1)} headings of the first level")
    return faults


def faults_of_metadata(seen: Visit, site: str) -> list[str]:
    """Language and title on every page; description, canonical, hreflang and Open Graph on public ones."""
    document = JustHTML(seen.html, sanitize=False)
    faults = []
    if _value(document.query("html")[0], "lang") != seen.language:
        faults.append("the language is not said")
    title = "".join(node.to_text() for node in document.query("head title"))
    if not 3 < len(title) <= _LONGEST_TITLE:
        faults.append(f"title {title!r}")
    if seen.place.is_public:
        faults += _faults_of_public(document, seen, site)
    return faults + [fault for item in _structured(document) for fault in _faults_of_data(item)]


def links(seen: Visit) -> set[str]:
    """Paths of our own site that the page leads to or loads from, without fragments."""
    document = JustHTML(seen.html, sanitize=False)
    found = {_value(node, name) for name in ("href", "src") for node in document.query(f"[{name}]")}
    return {link.partition("#")[0] for link in found if link.startswith("/") and link.partition("#")[0]}


def text_of(seen: Visit) -> str:
    """What people read, in one line."""
    body = JustHTML(seen.html, sanitize=False).query("body")[0]
    return " ".join(body.to_text().split())


def _faults_of_public(document: JustHTML, seen: Visit, site: str) -> list[str]:
    faults = []
    metas = {_value(n, "name") or _value(n, "property"): _value(n, "content") for n in document.query("meta")}
    if not 40 <= len(metas.get("description", "")) <= _LONGEST_DESCRIPTION:
        faults.append(f"description {metas.get('description')!r}")
    faults += [
        f"{name} is missing" for name in ("og:title", "og:description", "og:image", "og:url") if not metas.get(name)
    ]
    relations = [tuple(_value(n, name) for name in ("rel", "hreflang", "href")) for n in document.query("head link")]
    canonical = [href for rel, _, href in relations if rel == "canonical"]
    if len(canonical) != 1 or not canonical[0].startswith(site):
        faults.append(f"canonical {canonical}")
    if {tongue for rel, tongue, _ in relations if rel == "alternate" and tongue} < {"fr", "en"}:
        faults.append("hreflang for fr and en is missing")
    return faults


def _structured(document: JustHTML) -> Iterator[Any]:
    for node in document.query('script[type="application/ld+json"]'):
        yield json.loads(node.to_text() or "".join(child.to_html() for child in node.children or []))


def _faults_of_data(item: Any) -> list[str]:
    if isinstance(item, list):
        return [fault for one in item for fault in _faults_of_data(one)]
    if not isinstance(item, dict):
        return []
    kind = item.get("@type")
    missing = _NEEDED.get(str(kind), set()) - set(item)
    faults = [f"{kind} lacks {', '.join(sorted(missing))}"] if missing else []
    if "@type" not in item and "@graph" not in item and "@id" not in item:
        faults.append(f"data without a type: {sorted(item)}")
    return faults + [fault for value in item.values() for fault in _faults_of_data(value)]


def _value(node: Any, name: str) -> str:
    """An attribute's value, empty when it has none."""
    return str((node.attrs or {}).get(name) or "")

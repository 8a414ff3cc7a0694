"""chassis, edge and runtime hold how, never what: no domain word, and from our code it imports the envelope and its kin only (ADR 0007)."""

import ast
import re
from collections.abc import Iterator

from scripts.rules.syntax import imported_modules, words
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

IMPORTS = ("contracts.envelope", "contracts.event", "contracts.ids", "contracts.parse", "contracts.topics")
SHARED = ("chassis", "edge", "runtime")
_DOMAIN_WORDS = {
    "basket", "buyer", "buyers", "cart", "carts", "catalog", "checkout", "commission", "invoice", "logistics",
    "marketplace", "offer", "offers", "orders", "parcel", "payment", "payments", "payout", "payouts", "price",
    "product", "products", "refund", "seller", "sellers", "shipment", "shipments", "stock", "stripe", "vendor", "wishlist",
}  # fmt: skip
# "order" is also a technical word: sequence of messages, ORDER BY.
_ORDER = re.compile(r"\border(_id|_line|\.[a-z]|-placed)|/order\b|\bord_", re.IGNORECASE)
_TECHNICAL_ORDER = {"order_by", "in_order"}


def _applies(source: Source) -> bool:
    return source.kind == "lib" and source.member in SHARED and source.is_source and not source.is_test


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    for node in source.nodes:
        foreign = [name for name in imported_modules(node) if name.startswith("contracts") and not _allowed(name)]
        if foreign:
            yield node, f"imports {foreign[-1]}; shared libraries may use {', '.join(IMPORTS)} only"
        for text in _texts(node):
            word = _domain_word(text, is_name=not isinstance(node, ast.Constant))
            if word:
                yield node, f"domain word `{word}`: shared libraries do not know what the services are about"


def _allowed(name: str) -> bool:
    return name == "contracts" or any(name == allowed or name.startswith(f"{allowed}.") for allowed in IMPORTS)


def _texts(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    names = [getattr(node, field, None) for field in ("id", "attr", "arg", "name")]
    return [name for name in names if isinstance(name, str)]


def _domain_word(text: str, *, is_name: bool) -> str | None:
    found = sorted(set(words(text)) & _DOMAIN_WORDS)
    if found:
        return found[0]
    if is_name:
        return "order" if "order" in words(text) and text not in _TECHNICAL_ORDER else None
    return "order" if _ORDER.search(text) else None


RULE = Rule("chassis-is-technical", _applies, _find)

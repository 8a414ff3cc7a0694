"""What the people of the demo market bought so far: planned by dice with a fixed seed, so that every run plans the same."""

import random
from dataclasses import dataclass
from typing import Any

from halles_local.market_content import Selection, content

_GROUPS = {
    "table": "vaisselle verrerie",
    "cloth": "laine linge",
    "craft": "maroquinerie couteaux bois vannerie luminaires brosses jouets bijoux",
    "care": "soin bougies",
    "paper": "carnets affiches",
    "garden": "plantes graines",
}
_GROUP = {category: group for group, categories in _GROUPS.items() for category in categories.split()}
DELIVERED, SHIPPED, PAID, CANCELLED = "delivered", "shipped", "paid", "cancelled"
_ENDS = (DELIVERED,) * 82 + (SHIPPED,) * 9 + (PAID,) * 5 + (CANCELLED,) * 4
_REVIEWED = 0.42
"""Share of delivered lines that get a review."""


_MOST = 3
"""Units of one article in one purchase."""


@dataclass
class Article:
    """What can be bought. ``left`` units may still be planned."""

    sku: str
    group: str
    price: int
    left: int


@dataclass(frozen=True)
class Purchase:
    """``lines`` are (article number, quantity); ``reviews`` by article number: stars, title, text, language."""

    buyer: int
    lines: tuple[tuple[str, int], ...]
    end: str
    reviews: dict[str, dict[str, Any]]


def plan(selection: Selection, *, buyers: int, seed: int = 1793) -> list[Purchase]:
    """All purchases of the market so far."""
    dice = random.Random(seed)
    articles = [
        Article(f"{product['slug']}-{number}", _GROUP.get(product["category"], "food"), price, units)
        for product in selection.products()
        for number, (price, units) in enumerate(_first_offers(product, selection))
    ]
    weights = [dice.paretovariate(1.3) / (1 + article.price / 9_000) for article in articles]
    said: dict[str, list[dict[str, Any]]] = {}
    return [_purchase(dice, number % buyers, articles, weights, said) for number in range(selection.orders)]


def _first_offers(product: dict[str, Any], selection: Selection) -> list[tuple[int, int]]:
    """Price and units that may be sold of each variant by the first shop that has it: half of them stay on the shelf."""
    first = {offer["variant"]: offer for offer in reversed(product["offers"])}
    return [(first[number]["price"], first[number]["stock"] * selection.scale // 2) for number in range(len(first))]


def _purchase(
    dice: random.Random,
    buyer: int,
    articles: list[Article],
    weights: list[float],
    said: dict[str, list[dict[str, Any]]],
) -> Purchase:
    in_stock = [weight if article.left >= _MOST else 0 for article, weight in zip(articles, weights, strict=True)]
    chosen = {article.sku: article for article in dice.choices(articles, in_stock, k=dice.choice((1, 1, 2, 2, 3)))}
    end = dice.choice(_ENDS)
    lines = []
    for article in chosen.values():
        quantity = 1 if article.price > 3_000 else dice.choice((1, 1, 1, 2, _MOST))
        article.left -= quantity
        lines.append((article.sku, quantity))
    reviews = {
        article.sku: _words(dice, article.group, said)
        for article in chosen.values()
        if end == DELIVERED and dice.random() < _REVIEWED
    }
    return Purchase(buyer, tuple(lines), end, reviews)


def _words(dice: random.Random, group: str, said: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The next thing that somebody says of such goods: everything is said once before anything is said again."""
    if not said.get(group):
        said[group] = list(content("reviews")[group])
        dice.shuffle(said[group])
    return said[group].pop()

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
        (f"{product['slug']}-{number}", _GROUP.get(product["category"], "food"), offer["price"])
        for product in selection.products()
        for number, _ in enumerate(product["variants"])
        for offer in product["offers"][:1]
    ]
    weights = [dice.paretovariate(1.3) / (1 + price / 9_000) for _, _, price in articles]
    said: dict[str, list[dict[str, Any]]] = {}
    return [_purchase(dice, number % buyers, articles, weights, said) for number in range(selection.orders)]


def _purchase(
    dice: random.Random, buyer: int, articles: list[Any], weights: list[float], said: dict[str, list[dict[str, Any]]]
) -> Purchase:
    chosen = dict.fromkeys(dice.choices(articles, weights, k=dice.choice((1, 1, 2, 2, 3))))
    end = dice.choice(_ENDS)
    lines = tuple((sku, 1 if price > 3_000 else dice.choice((1, 1, 1, 2, 3))) for sku, _, price in chosen)
    reviews = {
        sku: _words(dice, group, said) for sku, group, _ in chosen if end == DELIVERED and dice.random() < _REVIEWED
    }
    return Purchase(buyer, lines, end, reviews)


def _words(dice: random.Random, group: str, said: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The next thing that somebody says of such goods: everything is said once before anything is said again."""
    if not said.get(group):
        said[group] = list(content("reviews")[group])
        dice.shuffle(said[group])
    return said[group].pop()

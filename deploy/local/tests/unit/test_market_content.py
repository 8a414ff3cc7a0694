"""The market's content is whole: no handle twice, both languages, nothing that points nowhere, no sentence twice."""

from collections import Counter
from typing import Any

from halles_local.history import plan
from halles_local.market_content import Selection, all_products, content
from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.gallery import MOTIFS
from halles_local.pictures.painting import VIEWS, thing_of
from halles_local.pictures.scenes import SCENES

PRODUCTS = all_products()
SHOPS = content("sellers")
FULL = Selection(small=False, scale=1)


def _leaves(nodes: list[dict[str, Any]]) -> set[str]:
    return {slug for node in nodes for slug in (_leaves(node["children"]) if node.get("children") else {node["slug"]})}


def _repeated(texts: list[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]


def test_the_market_is_as_large_as_promised() -> None:
    assert len(SHOPS) >= 16
    assert sum(len(product["offers"]) for product in PRODUCTS) >= 300
    assert len({product["category"] for product in PRODUCTS}) >= 24
    assert len(content("people")["buyers"]) == 40
    assert len(plan(FULL, buyers=40)) == 300
    assert sum(len({offer["seller"] for offer in product["offers"]}) > 1 for product in PRODUCTS) >= 40


def test_every_name_is_used_once_and_leads_somewhere() -> None:
    handles = [shop["handle"] for shop in SHOPS]
    leaves = _leaves(content("categories"))
    assert _repeated([product["slug"] for product in PRODUCTS]) == []
    assert _repeated(handles) == []
    assert _repeated([person["email"] for person in content("people")["buyers"]]) == []
    for product in PRODUCTS:
        assert product["category"] in leaves, product["slug"]
        offers = [(offer["seller"], offer["variant"]) for offer in product["offers"]]
        assert {seller for seller, _ in offers} <= set(handles), product["slug"]
        assert {variant for _, variant in offers} <= set(range(len(product["variants"]))), product["slug"]
        assert len(set(offers)) == len(offers), product["slug"]


def test_every_text_is_there_in_both_languages_and_said_once() -> None:
    french = [product["fr"] for product in PRODUCTS] + [shop[part]["fr"] for shop in SHOPS for part in ("story",)]
    english = [product["en"] for product in PRODUCTS] + [shop[part]["en"] for shop in SHOPS for part in ("story",)]
    reviews = [review["text"] for group in content("reviews").values() for review in group]
    for texts in (french, english, reviews):
        assert all(len(text) >= 20 for text in texts)
        sentences = [part.strip() for text in texts for part in text.replace("!", ".").split(".")]
        assert _repeated([sentence for sentence in sentences if len(sentence) > 12]) == []
    for product in PRODUCTS:
        places = [product["title"], *product["variants"], *(fact[k] for fact in product["facts"] for k in fact)]
        assert all(place["fr"] and place["en"] for place in places), product["slug"]
        assert product["facts"], product["slug"]


def test_prices_are_sane() -> None:
    for product in PRODUCTS:
        for offer in product["offers"]:
            assert 300 <= offer["price"] <= 30_000, product["slug"]
            assert 1 <= offer["stock"] <= 500, product["slug"]
        for number in range(len(product["variants"])):
            prices = [offer["price"] for offer in product["offers"] if offer["variant"] == number]
            assert prices and max(prices) <= min(prices) * 1.3, product["slug"]


def test_everything_can_be_drawn_and_is_drawn_the_same_twice() -> None:
    for product in PRODUCTS:
        thing = thing_of(product["look"], sign="leaf", slug=product["slug"])
        assert thing.motif in MOTIFS, product["slug"]
    assert all(shop["look"].split()[-1] in EMBLEMS for shop in SHOPS)
    thing = thing_of(PRODUCTS[0]["look"], sign="bee", slug="a")
    for view in VIEWS:
        assert SCENES[view](thing, "a") == SCENES[view](thing, "a") != SCENES[view](thing, "b")


def test_the_past_is_planned_the_same_every_time_and_a_small_market_is_a_part_of_the_large_one() -> None:
    assert plan(FULL, buyers=40) == plan(FULL, buyers=40)
    sold = Counter({})
    for purchase in plan(FULL, buyers=40):
        sold.update(dict(purchase.lines))
    stock = {f"{p['slug']}-{o['variant']}": o["stock"] for p in PRODUCTS for o in reversed(p["offers"])}
    assert all(units < stock[sku] for sku, units in sold.items())
    assert len(sold) > 100
    small = Selection(small=True, scale=1)
    assert {shop["handle"] for shop in small.shops()} < {shop["handle"] for shop in FULL.shops()}
    assert len(Selection(small=False, scale=2).buyers()) == 80

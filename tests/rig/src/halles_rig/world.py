"""The market that the rig trades in: eight shops, 200 offers of which ten are hot, buyers and an operator.

Built once through the public API, then kept as part of the snapshot.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from halles_local.client.api import Caller
from halles_local.client.patience import until
from halles_local.client.session import Market, market
from halles_local.environment import OPERATOR_EMAIL
from halles_local.stack import Stack

PASSWORD = "un-marche-bien-couvert-2026"
SHOPS, PRODUCTS_PER_SHOP, VARIANTS = 8, 5, 5
BUYERS = 24
HOT, HOT_STOCK, STOCK = 10, 50, 5000
_AT_ONCE = 6
_FILE = "world.json"
T = TypeVar("T")


@dataclass(frozen=True)
class Offer:
    """Something on sale; the first ``HOT`` are what everybody wants."""

    offer_id: str
    seller: int
    price: int
    product_id: str
    title: str


@dataclass(frozen=True)
class World:
    """Addresses of the people (all with one password), ids of the shops in the order of their owners, offers, hot ones first."""

    operator: str
    owners: list[str]
    seller_ids: list[str]
    buyers: list[str]
    offers: list[Offer]

    @classmethod
    def load(cls, stack: Stack) -> "World":
        found = json.loads((stack.run / _FILE).read_text())
        return cls(**{**found, "offers": [Offer(**offer) for offer in found["offers"]]})

    def keep(self, stack: Stack) -> None:
        (stack.run / _FILE).write_text(json.dumps(asdict(self), indent=1))


async def build(stack: Stack) -> World:
    """Fill an empty market; about a minute on two shared cores."""
    async with market(stack) as place:
        operator = await _person(place, OPERATOR_EMAIL, "Inès Delorme")
        owners = [f"boutique{n}@rig.example" for n in range(SHOPS)]
        buyers = [f"acheteur{n}@rig.example" for n in range(BUYERS)]
        category = await _category(operator)
        shops = await _each(range(SHOPS), lambda n: _open_shop(place, operator, owners[n], n))
        await _each(buyers, lambda email: _person(place, email, "Ada Martin"))
        stalls = [(n, p) for n in range(SHOPS) for p in range(PRODUCTS_PER_SHOP)]
        made = await _each(stalls, lambda stall: _product(*shops[stall[0]], stall=stall, category=category))
    # One variant of each of ten products is hot, so that hot orders meet several sellers.
    offers = [offer for variant in zip(*made, strict=True) for offer in variant]
    return World(OPERATOR_EMAIL, owners, [seller_id for _, seller_id in shops], buyers, offers)


async def _each(items: Iterable[Any], work: Callable[[Any], Awaitable[T]]) -> list[T]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(item: Any) -> T:
        async with places:
            return await work(item)

    return list(await asyncio.gather(*(one(item) for item in items)))


async def _person(place: Market, email: str, name: str) -> Caller:
    return await place.register(name=name, email=email, password=PASSWORD, locale="fr")


async def _category(operator: Caller) -> str:
    body = {"slug": "banc-d-essai", "name": {"fr": "Banc d'essai", "en": "Test bench"}, "position": 0}
    return str((await operator.post("/v1/operator/categories", {**body, "parent_id": None}))["category_id"])


async def _open_shop(place: Market, operator: Caller, email: str, number: int) -> tuple[Caller, str]:
    owner = await _person(place, email, f"Marchande {number}")
    words = {"fr": f"La boutique numéro {number}.", "en": f"Shop number {number}."}
    where = {"town": "Lyon", "postal_code": "69002", "country": "FR", "latitude": 45757000, "longitude": 4832000}
    body = {"handle": f"boutique-{number}", "name": f"Boutique {number}", "description": words, **where}
    seller_id = (await owner.post("/v1/sellers", body))["seller_id"]
    await operator.post(f"/v1/operator/sellers/{seller_id}/open")
    await owner.sign_in(email, PASSWORD)

    async def link() -> str | None:
        account = await owner.post(f"/v1/sellers/{seller_id}/payout-account")
        return "" if account["status"] == "active" else account.get("onboarding_url")

    if url := await until("the payout account's form", link, seconds=60):
        await place.outside.press(url, "complete")
    return owner, seller_id


async def _product(owner: Caller, seller_id: str, *, stall: tuple[int, int], category: str) -> list[Offer]:
    """One product with an offer for each of its variants."""
    title = f"Panier {stall[0]}-{stall[1]}"
    words = {"fr": title, "en": title}
    variants = [{"label": {"fr": f"Taille {v}", "en": f"Size {v}"}} for v in range(VARIANTS)]
    body = {"title": words, "description": words, "category_id": category, "variants": variants}

    async def publish() -> Any:
        return await owner.post(f"/v1/sellers/{seller_id}/products", body)

    product = await until("the catalogue knows the shop", publish, seconds=60)
    return [
        await _offer(owner, seller_id, variant["variant_id"], stall=stall, title=title, product=product["product_id"])
        for variant in product["variants"]
    ]


async def _offer(
    owner: Caller, seller_id: str, variant_id: str, *, stall: tuple[int, int], title: str, product: str
) -> Offer:
    amount = 500 + 137 * stall[0] + 53 * stall[1]
    terms = {"price": {"amount": amount, "currency": "EUR"}, "stock": STOCK, "condition": "new", "handling_days": 1}
    made = await owner.post(f"/v1/sellers/{seller_id}/offers", {"variant_id": variant_id, **terms})
    return Offer(made["offer_id"], stall[0], amount, product, title)

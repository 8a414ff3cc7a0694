"""Fills the market with its demo content, through the public API alone. Running it again adds what is missing."""

import asyncio
import json
import multiprocessing
import os
import sys
from collections.abc import Awaitable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from halles_local.addresses import ACCOUNTS_FILE
from halles_local.client.api import Caller, Refused
from halles_local.client.patience import until
from halles_local.client.session import Market, market
from halles_local.gallery_upload import Painter, views_of
from halles_local.history import plan
from halles_local.market_content import Selection, content
from halles_local.orders import Shops, by_sku, live_through
from halles_local.stack import Stack

AT_ONCE = 12


class Seed:
    """One run. Shops are known by their handles."""

    def __init__(self, place: Market, progress: Progress, painter: Painter, selection: Selection) -> None:
        self._market = place
        self._progress = progress
        self._painter = painter
        self._selection = selection
        self._people = content("people")
        self._shops = selection.shops()
        self._sellers: dict[str, Caller] = {}
        self._seller_ids: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        operator = await self._person(self._people["operator"]["name"], self._people["operator"]["email"], "fr")
        categories = await self._each("categories", [self._categories(operator)])
        await self._each("shops", [self._open_shop(shop, operator) for shop in self._shops])
        products = self._selection.products()
        self._known = await self._listed("product_id")
        await self._each("products and pictures", [self._product(product, categories[0]) for product in products])
        people = self._selection.buyers()
        buyers = await self._each("buyers", [self._person(b["name"], b["email"], b["locale"]) for b in people])
        self._write_accounts(people)
        await self._past_orders(buyers, people)

    async def _each(self, what: str, work: Iterable[Awaitable[Any]]) -> list[Any]:
        pieces = list(work)
        task = self._progress.add_task(what, total=len(pieces))

        async def one(piece: Awaitable[Any]) -> Any:
            async with self._places:
                result = await piece
                self._progress.advance(task)
                return result

        return await asyncio.gather(*(one(piece) for piece in pieces))

    async def _person(self, name: str, email: str, locale: str) -> Caller:
        password = self._people["password"]
        try:
            return await self._market.visitor(name).sign_in(email, password)
        except Refused as refused:
            if refused.status not in (400, 401, 403):
                raise
        return await self._market.register(name=name, email=email, password=password, locale=locale)

    async def _categories(self, operator: Caller) -> dict[str, str]:
        known = {item["slug"]: item["category_id"] for item in (await operator.get("/v1/categories"))["items"]}

        async def add(nodes: list[dict[str, Any]], parent: str | None) -> None:
            for position, node in enumerate(nodes):
                if node["slug"] not in known:
                    body = {"slug": node["slug"], "name": {"fr": node["fr"], "en": node["en"]}, "position": position}
                    made = await operator.post("/v1/operator/categories", {**body, "parent_id": parent})
                    known[node["slug"]] = made["category_id"]
                await add(node.get("children", []), known[node["slug"]])

        await add(content("categories"), None)
        return known

    async def _open_shop(self, shop: dict[str, Any], operator: Caller) -> None:
        owner = await self._person(shop["owner"]["name"], shop["owner"]["email"], "fr")
        mine = (await owner.get("/v1/me"))["sellers"]
        if not mine:
            mine = [await owner.post("/v1/sellers", _told(shop))]
        seller_id = mine[0]["seller_id"]
        if mine[0]["status"] == "pending":
            await operator.post(f"/v1/operator/sellers/{seller_id}/open")
        seller = await owner.sign_in(shop["owner"]["email"], self._people["password"])
        self._sellers[shop["handle"]], self._seller_ids[shop["handle"]] = seller, seller_id
        await self._open_payout_account(seller, seller_id)

        async def dress() -> bool:
            await self._painter.shop(seller, seller_id, shop["look"])
            return True

        await until(f"the catalogue knows the shop {shop['handle']}", dress)

    async def _open_payout_account(self, owner: Caller, seller_id: str) -> None:
        path = f"/v1/sellers/{seller_id}/payout-account"

        async def link() -> str | None:
            account = await owner.post(path)
            return "" if account["status"] == "active" else account.get("onboarding_url")

        url = await until("the payout account's form", link)
        if url:
            await self._market.outside.press(url, "complete")

    async def _product(self, product: dict[str, Any], categories: dict[str, str]) -> None:
        offers = sorted(product["offers"], key=lambda offer: offer["seller"] != product["offers"][0]["seller"])
        variants: list[str] = []
        for handle, group in groupby(offers, key=lambda offer: offer["seller"]):
            seller, seller_id = self._sellers[handle], self._seller_ids[handle]
            if not variants:
                variants = await self._variants(product, categories[product["category"]], handle)
            for offer in group:
                stock = offer["stock"] * self._selection.scale
                body = {"variant_id": variants[offer["variant"]], "stock": stock, "condition": "new"}
                price = {"amount": offer["price"], "currency": "EUR"}
                await self._once(
                    seller, f"/v1/sellers/{seller_id}/offers", {**body, "price": price, "handling_days": 2}
                )

    async def _variants(self, product: dict[str, Any], category: str, handle: str) -> list[str]:
        """Ids of the product's variants, made now or found by the first one's article number."""
        seller, seller_id = self._sellers[handle], self._seller_ids[handle]
        sign = next(shop["look"].split()[-1] for shop in self._shops if shop["handle"] == handle)
        look = (sign, *views_of(self._selection.views))
        if product_id := self._known.get(f"{product['slug']}-0"):
            made = await seller.get(f"/v1/products/{product_id}")
            if len(made["images"]) < self._selection.views:
                images = await self._painter.product(seller, seller_id, product, look)
                path = f"/v1/sellers/{seller_id}/products/{product_id}/images"
                await seller.call("PUT", path, {"images": images})
        else:
            body = _described(product, category, await self._painter.product(seller, seller_id, product, look))
            path = f"/v1/sellers/{seller_id}/products"
            made = await seller.post(path, body, key=f"seed-product-{product['slug']}")
        return [variant["variant_id"] for variant in made["variants"]]

    async def _listed(self, field: str) -> dict[str, str]:
        """What the first shop's offer of each article says."""
        owners = {self._seller_ids[handle]: seller for handle, seller in self._sellers.items()}
        return await by_sku(owners, [self._seller_ids[shop["handle"]] for shop in self._shops], field)

    async def _once(self, seller: Caller, path: str, body: dict[str, Any]) -> None:
        try:
            await seller.post(path, body)
        except Refused as refused:
            if refused.status != 409:
                raise

    async def _past_orders(self, buyers: list[Caller], people: list[dict[str, Any]]) -> None:
        owners = {self._seller_ids[handle]: seller for handle, seller in self._sellers.items()}
        shops = Shops(owners, await self._listed("offer_id"))
        purchases = plan(self._selection, buyers=len(buyers))
        task = self._progress.add_task("past orders", total=len(purchases))

        async def one(number: int) -> None:
            mine = [purchase for purchase in purchases if purchase.buyer == number]
            async with self._places:
                await live_through(
                    self._market, buyers[number], people[number], mine, shops, done=lambda: self._progress.advance(task)
                )

        await asyncio.gather(*(one(number) for number in range(len(buyers))))

    def _write_accounts(self, people: list[dict[str, Any]]) -> None:
        password = self._people["password"]
        told = [{"role": "operator", **self._people["operator"]}]
        told += [{"role": "seller", "shop": shop["name"], **shop["owner"]} for shop in self._shops]
        told += [{"role": "buyer", "name": buyer["name"], "email": buyer["email"]} for buyer in people]
        accounts = [{**account, "password": password} for account in told]
        (self._market.stack.home / ACCOUNTS_FILE).write_text(json.dumps(accounts, ensure_ascii=False, indent=1))


def _told(shop: dict[str, Any]) -> dict[str, Any]:
    """A shop's entry in the content as the API takes it."""
    fields = ("handle", "name", "town", "postal_code", "latitude", "longitude", "story")
    return {
        **{name: shop[name] for name in fields},
        "description": {"fr": shop["fr"], "en": shop["en"]},
        "shipping_policy": shop["shipping"],
        "returns_policy": shop["returns"],
        "country": "FR",
    }


def _described(product: dict[str, Any], category: str, images: Any) -> dict[str, Any]:
    """A product's entry in the content as the API takes it."""
    return {
        "title": product["title"],
        "description": {"fr": product["fr"], "en": product["en"]},
        "category_id": category,
        "images": images,
        "attributes": product["facts"],
        "variants": [{"sku": f"{product['slug']}-{n}", "label": label} for n, label in enumerate(product["variants"])],
    }


async def main() -> None:
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    stack, selection = Stack.from_environment(), Selection.from_environment()
    processes = min(2, os.cpu_count() or 1)
    painters = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    with Progress(*columns, console=Console()) as progress, painters as workers:
        async with market(stack) as place:
            await Seed(place, progress, Painter(workers, stack.cache / "pictures"), selection).run()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Exception as error:
        sys.exit(f"seed: {type(error).__name__}: {error}")

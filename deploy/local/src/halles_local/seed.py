"""Fills the market with its demo content, through the public API alone. Running it again adds what is missing."""

import asyncio
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from halles_local.addresses import ACCOUNTS_FILE
from halles_local.client.api import Caller, Refused
from halles_local.client.patience import until
from halles_local.client.session import Market, market
from halles_local.orders import place_past_orders
from halles_local.stack import Stack

CONTENT = Path(__file__).parent / "market"
AT_ONCE = 4


def content(name: str) -> Any:
    return yaml.safe_load((CONTENT / f"{name}.yaml").read_text())


class Seed:
    """One run. ``people`` are signed-in callers by e-mail."""

    def __init__(self, place: Market, progress: Progress) -> None:
        self._market = place
        self._progress = progress
        self._people = content("people")
        self._sellers: dict[str, Caller] = {}
        self._seller_ids: dict[str, str] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        operator = await self._person(self._people["operator"]["name"], self._people["operator"]["email"], "fr")
        categories = await self._each("categories", [self._categories(operator)])
        shops = content("sellers")
        await self._each("shops", [self._open_shop(shop, operator) for shop in shops])
        await self._each("products and offers", [self._product(p, categories[0]) for p in content("products")])
        people = self._people["buyers"]
        buyers = await self._each("buyers", [self._person(b["name"], b["email"], b["locale"]) for b in people])
        self._write_accounts(shops)
        await self._each("past orders", [self._past_orders(buyers)])

    async def _each(self, what: str, work: list[Any]) -> list[Any]:
        task = self._progress.add_task(what, total=len(work))

        async def one(piece: Any) -> Any:
            async with self._places:
                result = await piece
                self._progress.advance(task)
                return result

        return await asyncio.gather(*(one(piece) for piece in work))

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
            texts = {"description": {"fr": shop["fr"], "en": shop["en"]}, "country": "FR"}
            fields = ("handle", "name", "town", "postal_code", "latitude", "longitude")
            mine = [await owner.post("/v1/sellers", {**{name: shop[name] for name in fields}, **texts})]
        seller_id = mine[0]["seller_id"]
        if mine[0]["status"] == "pending":
            await operator.post(f"/v1/operator/sellers/{seller_id}/open")
        self._sellers[shop["handle"]] = await owner.sign_in(shop["owner"]["email"], self._people["password"])
        self._seller_ids[shop["handle"]] = seller_id
        await self._open_payout_account(self._sellers[shop["handle"]], seller_id)

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
                variants = await self._variants(product, categories[product["category"]], seller, seller_id)
            for offer in group:
                body = {"variant_id": variants[offer["variant"]], "stock": offer["stock"], "condition": "new"}
                price = {"amount": offer["price"], "currency": "EUR"}
                await self._once(
                    seller, f"/v1/sellers/{seller_id}/offers", {**body, "price": price, "handling_days": 2}
                )

    async def _variants(self, product: dict[str, Any], category: str, seller: Caller, seller_id: str) -> list[str]:
        """Ids of the product's variants, made now or found by the first one's article number."""
        skus = [f"{product['slug']}-{n}" for n in range(len(product["variants"]))]
        body = {
            "title": product["title"],
            "description": {"fr": product["fr"], "en": product["en"]},
            "category_id": category,
            "variants": [{"sku": sku, "label": label} for sku, label in zip(skus, product["variants"], strict=True)],
        }
        path = f"/v1/sellers/{seller_id}/products"

        async def make() -> Any:
            return await seller.post(path, body, key=f"seed-product-{product['slug']}")

        try:
            made = await until(f"the catalogue knows the shop of {product['slug']}", make)
        except Refused as refused:
            found = refused.problem.get("product_id") if isinstance(refused.problem, dict) else None
            if found is None:
                raise
            made = await seller.get(f"/v1/products/{found}")
        return [variant["variant_id"] for variant in made["variants"]]

    async def _once(self, seller: Caller, path: str, body: dict[str, Any]) -> None:
        try:
            await seller.post(path, body)
        except Refused as refused:
            if refused.status != 409:
                raise

    async def _past_orders(self, buyers: list[Caller]) -> None:
        await place_past_orders(self._market, buyers, self._people["buyers"], self._sellers, self._seller_ids)

    def _write_accounts(self, shops: list[dict[str, Any]]) -> None:
        password = self._people["password"]
        told = [{"role": "operator", **self._people["operator"]}]
        told += [{"role": "seller", "shop": shop["name"], **shop["owner"]} for shop in shops]
        told += [{"role": "buyer", "name": buyer["name"], "email": buyer["email"]} for buyer in self._people["buyers"]]
        accounts = [{**account, "password": password} for account in told]
        (self._market.stack.home / ACCOUNTS_FILE).write_text(json.dumps(accounts, ensure_ascii=False, indent=1))


async def main() -> None:
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console()) as progress:
        async with market(Stack.from_environment()) as place:
            await Seed(place, progress).run()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Exception as error:
        sys.exit(f"seed: {type(error).__name__}: {error}")

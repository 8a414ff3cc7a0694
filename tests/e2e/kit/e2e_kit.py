"""People and shops of a running market, calls that show refusals, and the wait for rest."""

import asyncio
import time
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

from halles_local import invariants
from halles_local.addresses import demo_accounts
from halles_local.client import buying
from halles_local.client.api import Caller
from halles_local.client.patience import until
from halles_local.client.session import Market
from halles_local.invariants.here import sources_of

PASSWORD = "un-marche-bien-couvert"
ADDRESS = buying.address("Ada Martin", "3 rue des Halles", "69002", "Lyon")
CARD = "pm_card_visa"
DECLINED_CARD = "pm_card_chargeDeclined"
REST_SECONDS = 120.0
RENEW_SECONDS = 300.0
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, whatever its status."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    @property
    def pointers(self) -> list[str]:
        return [error["pointer"] for error in self.body.get("errors", [])]


async def ask(
    caller: Caller,
    method: str,
    path: str,
    body: Any = None,
    *,
    content: bytes | None = None,
    headers: dict[str, str] | None = None,
    base: str | None = None,
) -> Reply:
    """One call without patience. ``base``: another address than the gateway's."""
    sent = {"Accept": "application/json", **({"Content-Type": "application/json"} if content is not None else {})}
    sent |= {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
    sent |= headers or {}
    url = (base or caller.gateway) + path
    async with caller.http.request(
        method, url, json=body, data=content and BytesIO(content), headers=sent, allow_redirects=False
    ) as answer:
        raw = await answer.read()
        parsed = await answer.json(content_type=None) if raw[:1] in (b"{", b"[") else raw.decode(errors="replace")
        return Reply(answer.status, parsed, {name.lower(): value for name, value in answer.headers.items()})


def keyed(key: str | None = None) -> dict[str, str]:
    return {"Idempotency-Key": key or uuid4().hex}


@dataclass
class Shop:
    caller: Caller
    seller_id: str


@dataclass
class World:
    """The market with its operator and its shops. ``acknowledged``: ids of all orders that the API has confirmed to take."""

    place: Market
    operator: Caller
    shops: list[Shop]
    acknowledged: list[str] = field(default_factory=list)
    _crowd: list[tuple[str, Caller]] = field(default_factory=list)
    _signed_in: float = 0.0

    async def offer(self, shop: Shop, *, stock: int, price: int = 1250, title: str = "Panier") -> str:
        """A new product with one offer that the order service knows; returns the offer's id."""
        unique = uuid4().hex[:8]
        category = (await self.operator.get("/v1/categories"))["items"][-1]["category_id"]
        words = {"fr": f"{title} {unique}", "en": f"{title} {unique}"}
        product = await shop.caller.post(
            f"/v1/sellers/{shop.seller_id}/products",
            {"title": words, "description": words, "category_id": category, "variants": [{"label": words}]},
        )
        body = {
            "variant_id": product["variants"][0]["variant_id"],
            "price": {"amount": price, "currency": "EUR"},
            "stock": stock,
            "condition": "new",
            "handling_days": 1,
        }
        made = await shop.caller.post(f"/v1/sellers/{shop.seller_id}/offers", body)
        offer_id: str = made["offer_id"]
        visitor = self.place.visitor()
        await buying.put_in_cart(visitor, offer_id, 1)
        return offer_id

    async def buyer(self) -> Caller:
        """Somebody new with a verified account."""
        return (await self._register())[1]

    async def buyers(self, number: int) -> list[Caller]:
        """Verified accounts, kept for the whole run; signed in again before their tokens get old."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> tuple[str, Caller]:
            async with gate:
                return await self._register()

        self._crowd += await asyncio.gather(*(one() for _ in range(number - len(self._crowd))))
        if time.monotonic() - self._signed_in > RENEW_SECONDS:
            await asyncio.gather(*(caller.sign_in(email, PASSWORD) for email, caller in self._crowd[:number]))
            self._signed_in = time.monotonic()
        return [caller for _, caller in self._crowd[:number]]

    async def _register(self) -> tuple[str, Caller]:
        email = f"essai.{uuid4().hex[:10]}@courriel.example"
        caller = await self.place.register(name="Ada Martin", email=email, password=PASSWORD, locale="fr")
        return email, caller

    async def order(self, buyer: Caller, wanted: dict[str, int], card: str = CARD) -> dict[str, Any]:
        """Check out a cart with exactly this; the order as soon as it is decided or wants something."""
        await empty_cart(buyer)
        for offer_id, quantity in wanted.items():
            await buying.put_in_cart(buyer, offer_id, quantity)
        order = await buying.check_out(buyer, ADDRESS, card)
        self.acknowledged.append(order["order_id"])
        return order

    async def at_rest(self, *, seconds: float = REST_SECONDS) -> None:
        """All fourteen invariants hold once the market has come to rest; that it does in time is part of the claim."""
        sources, end = sources_of(self.place.stack), time.monotonic() + seconds
        try:
            while True:
                found = await invariants.check(sources, acknowledged=self.acknowledged)
                violated = {name: items[:5] for name, items in found.items() if items}
                if not violated:
                    return
                assert time.monotonic() < end, f"after {seconds:.0f} s of rest: {violated}"
                await _pause()
        finally:
            sources.close()


async def empty_cart(buyer: Caller) -> None:
    """Take out what earlier tests and cancelled orders left."""
    for part in (await buyer.get("/v1/cart"))["sellers"]:
        for line in part["lines"]:
            await buyer.call("DELETE", f"/v1/cart/lines/{line['offer_id']}")


async def _pause() -> None:
    """A second between two looks at the whole market."""
    ended = time.monotonic() + 1.0

    async def look() -> bool:
        return time.monotonic() > ended

    await until("a second", look)


async def assemble(place: Market) -> World:
    """Sign in the operator and the owners of the seeded market."""
    accounts = demo_accounts(place.stack)
    assert accounts, f"the market at {place.gateway} is empty"
    people: dict[str, list[Caller]] = {"operator": [], "seller": []}
    for account in accounts:
        if account["role"] in people:
            caller = await place.visitor(account["role"]).sign_in(account["email"], account["password"])
            people[account["role"]].append(caller)
    shops = [
        Shop(caller, member["seller_id"])
        for caller in people["seller"]
        for member in (await caller.get("/v1/me"))["sellers"]
    ]
    return World(place, people["operator"][0], shops)

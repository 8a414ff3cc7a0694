"""A small market, made through the API and the events."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from catalog.consumers import commands_and_shops
from catalog.service.reservations import end_holds
from chassis.db import Database
from contracts.catalog import CommitReservation, OfferState, ReleaseStock, ReserveStock, StockLine
from contracts.identity import SellerState
from contracts.values import LocalText, Money
from testkit import ApiClient, deliver, operator, seller


def shop(seller_id: str, *, status: str = "open", name: str = "Le Rucher des Alpes") -> SellerState:
    return SellerState(
        seller_id=seller_id,
        handle=seller_id.replace("_", "-"),
        name=name,
        description=LocalText(fr="Miel", en="Honey"),
        status=status,
        town="Annecy",
        postal_code="74000",
        country="fr",
        latitude=45_899_247,
        longitude=6_129_384,
    )


def offer_state(
    offer_id: str,
    product_id: str,
    *,
    fr: str = "Miel",
    en: str = "Honey",
    price: int = 1000,
    available: int = 5,
    seller_id: str = "sel_a",
    status: str = "active",
    category_path: tuple[str, ...] = ("cat_food",),
) -> OfferState:
    return OfferState(
        offer_id=offer_id,
        product_id=product_id,
        variant_id=f"var_{product_id}",
        sku=f"sku-{product_id}",
        seller_id=seller_id,
        status=status,
        title=LocalText(fr=fr, en=en),
        description=LocalText(fr="Une belle pièce.", en="A fine piece."),
        variant=LocalText(fr="Standard", en="Standard"),
        category_path=category_path,
        image_url="",
        price=Money(amount=price, currency="EUR"),
        available=available,
        condition="new",
        handling_days=1,
        listed_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    )


def words(fr: str, en: str | None = None) -> dict[str, str]:
    return {"fr": fr, "en": en or fr}


@dataclass
class Market:
    """``api`` as nobody; each call says who acts."""

    db: Database
    api: ApiClient

    async def open_shop(self, seller_id: str = "sel_alpes", **state: Any) -> str:
        await deliver(self.db, commands_and_shops(), [(shop(seller_id, **state), seller_id, 1)])
        return seller_id

    async def category(self, slug: str, *, parent_id: str | None = None, name: str | None = None) -> str:
        body = {"slug": slug, "name": words(name or slug), "parent_id": parent_id}
        answer = await self.api.acting_as(operator()).request("POST", "/v1/operator/categories", json=body)
        assert answer.status == 201, answer.body
        return str(answer.json()["category_id"])

    async def product(
        self, seller_id: str, *, category_id: str, title: str = "Miel de châtaignier", **fields: Any
    ) -> dict[str, Any]:
        body = {
            "title": words(title),
            "description": words(f"{title}, récolté à la main."),
            "category_id": category_id,
            "variants": [{"label": words("Pot de 250 g")}],
            **fields,
        }
        answer = await self.api.acting_as(seller(seller_id)).request(
            "POST", f"/v1/sellers/{seller_id}/products", json=body
        )
        assert answer.status == 201, answer.body
        return dict(answer.json())

    async def offer(self, seller_id: str, variant_id: str, *, price: int = 1245, stock: int = 5, **fields: Any) -> str:
        body = {
            "variant_id": variant_id,
            "price": {"amount": price, "currency": "EUR"},
            "stock": stock,
            "condition": "new",
            "handling_days": 2,
            **fields,
        }
        answer = await self.api.acting_as(seller(seller_id)).request(
            "POST", f"/v1/sellers/{seller_id}/offers", json=body
        )
        assert answer.status == 201, answer.body
        return str(answer.json()["offer_id"])

    async def anything_on_sale(self, *, stock: int = 5, seller_id: str = "sel_alpes") -> str:
        """Returns the id of an offer of a new product."""
        await self.open_shop(seller_id)
        category_id = await self.category(f"c-{uuid4().hex[:12]}")
        product = await self.product(seller_id, category_id=category_id)
        return await self.offer(seller_id, product["variants"][0]["variant_id"], stock=stock)

    async def sweep(self) -> None:
        """End the holds that ran out, as the loop does."""
        async with self.db.hot_transaction() as tx:
            await end_holds(tx)


def reserve(order_id: str, *, hold_seconds: int = 600, **quantities: int) -> ReserveStock:
    lines = tuple(StockLine(offer_id=offer_id, quantity=quantity) for offer_id, quantity in quantities.items())
    return ReserveStock(order_id=order_id, command_id=f"cmd_{order_id}_reserve", lines=lines, hold_seconds=hold_seconds)


def commit(order_id: str) -> CommitReservation:
    return CommitReservation(order_id=order_id, command_id=f"cmd_{order_id}_commit")


def release(order_id: str) -> ReleaseStock:
    return ReleaseStock(order_id=order_id, command_id=f"cmd_{order_id}_release")

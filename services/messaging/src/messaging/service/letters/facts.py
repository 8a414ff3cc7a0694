"""What a letter can tell about: gathered for one try, forgotten after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.values import Money
from messaging.domain.letter import Row, Section
from messaging.ports import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """``seller_orders`` as in the order's events; ``shops``: names by seller id, as far as known."""

    order_id: str
    number: str
    total: Money
    seller_orders: tuple[Mapping[str, Any], ...]
    shops: Mapping[str, str]

    def part(self, seller_order_id: str) -> Mapping[str, Any]:
        """One seller's part; raises ``LookupError`` when it is not of this order."""
        for part in self.seller_orders:
            if part["seller_order_id"] == seller_order_id:
                return part
        raise LookupError(f"{seller_order_id} is not in {self.order_id}")

    def shop(self, seller_id: str, t: Texts) -> str:
        return self.shops.get(seller_id) or t.text("shop.unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``greeting_name``: whom the letter greets. ``token``: the secret of an account mail. ``details``: the mail's own."""

    greeting_name: str
    site_url: str
    details: Mapping[str, Any]
    token: str | None = None
    order: OrderFacts | None = None

    @property
    def known_order(self) -> OrderFacts:
        if self.order is None:
            raise LookupError("this mail is about an order")
        return self.order


def greeting(facts: Facts, t: Texts) -> str:
    return t.text("greeting", name=facts.greeting_name) if facts.greeting_name else t.text("greeting.neutral")


def amount_of(value: Mapping[str, Any]) -> Money:
    return Money(amount=value["amount"], currency=value["currency"])


def goods(part: Mapping[str, Any], t: Texts, *, title: str, priced: bool) -> Section:
    """The lines of one seller's part; ``priced`` adds what they cost and the part's sum."""
    rows = tuple(_row(line, t, priced=priced) for line in part["lines"])
    total = Row(t.text("subtotal"), t.money(amount_of(part["total"]))) if priced else None
    return Section(title, rows, total)


def _row(line: Mapping[str, Any], t: Texts, *, priced: bool) -> Row:
    title, quantity = line["title"]["fr" if t.locale == "fr" else "en"], line["quantity"]
    if not priced:
        return Row(title, str(quantity))
    return Row(t.text("quantity", quantity=quantity, title=title), t.money(amount_of(line["amount"])))

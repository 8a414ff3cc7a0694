"""What the payment provider itself has booked, read where its own staff would."""

from dataclasses import dataclass

from halles_local.client.session import Market
from halles_local.secret_files import Secrets


@dataclass(frozen=True)
class Book:
    """Sums of one order in minor units, from the provider's side."""

    captured: int
    refunded: int
    transfers: tuple[int, ...]

    @property
    def transferred(self) -> int:
        return sum(self.transfers)


async def book_of(place: Market, order_id: str) -> Book:
    """The stand-in's book for the order's transfer group."""
    headers = {"Authorization": f"Bearer {Secrets(place.stack).passwords['standin-control']}"}
    url = f"{place.stack.ports.url('stripe')}/_control/book"
    async with place.http.get(url, params={"transfer_group": f"order_{order_id}"}, headers=headers) as answer:
        answer.raise_for_status()
        book = await answer.json()
    captured = sum(charge["amount_captured"] for charge in book["charges"])
    refunded = sum(refund["amount"] for refund in book["refunds"])
    return Book(captured, refunded, tuple(transfer["amount"] for transfer in book["transfers"]))

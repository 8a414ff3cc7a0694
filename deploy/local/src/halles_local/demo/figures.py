"""The accounts after the journey: money, stock, mails, ledger against the payment provider's own book."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from halles_local.client.patience import until
from halles_local.client.session import Market
from halles_local.demo.cast import Cast
from halles_local.demo.provider_book import book_of


class Figures:
    """Collects what must be equal and says whether it is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: list[tuple[str, Any, Any]] = []

    def equal(self, what: str, wanted: Any, found: Any) -> None:
        self._rows.append((what, wanted, found))

    async def check(self, place: Market, cast: Cast) -> None:
        await self._money(place, cast)
        await self._stock(cast)
        await self._mails(place, cast)

    def conclude(self) -> int:
        """Print the table; 0 when everything adds up."""
        table = Table("what", "wanted", "found", "", title="Does it add up?", title_justify="left")
        for what, wanted, found in self._rows:
            table.add_row(what, str(wanted), str(found), "[green]✓[/green]" if wanted == found else "[red]✗[/red]")
        self._console.print(table)
        return 0 if all(wanted == found for _, wanted, found in self._rows) else 1

    async def _money(self, place: Market, cast: Cast) -> None:
        order_id = cast.order["order_id"]
        told = await cast.operator.get(f"/v1/operator/orders/{order_id}/money")
        total = cast.order["total"]["amount"]
        charge, commission = told["charge"]["amount"]["amount"], told["commission"]["amount"]
        transfers = sum(settlement["net"]["amount"] for settlement in told["settlements"])
        self.equal("charge = order total (cents)", total, charge)
        self.equal("charge = transfers + commission", charge, transfers + commission)
        self.equal("ledger balances", True, told["balanced"])
        book = await book_of(place, order_id)
        self.equal("charge in the provider's book", charge, book.captured)
        self.equal("transfers in the provider's book", transfers, book.transferred)
        nets = sorted(settlement["net"]["amount"] for settlement in told["settlements"])
        self.equal("each share to the cent", nets, sorted(book.transfers))
        self.equal("nothing refunded", 0, book.refunded)
        self.equal("the operator's sales grew by", total, await self._growth(cast, total))

    async def _growth(self, cast: Cast, wanted: int) -> int:
        async def grown() -> int | None:
            report = await cast.operator.get("/v1/operator/sales")
            growth = sum(row["gross"]["amount"] for row in report["totals"]) - cast.sales_before
            return growth if growth >= wanted else None

        return await until("the sales figure", grown)

    async def _stock(self, cast: Cast) -> None:
        for offer_id, quantity in cast.bought.items():
            offer = (await cast.operator.get(f"/v1/offers?ids={offer_id}"))["items"][0]
            self.equal(
                f"stock of {offer_id[:14]}… is down by", quantity, cast.stock_before[offer_id] - offer["available"]
            )

    async def _mails(self, place: Market, cast: Cast) -> None:
        """Each mail carries the key that it must be unique for."""
        expected = {f"order-confirmed:{cast.order['order_id']}": cast.buyer_email}
        for part in cast.order["seller_orders"]:
            expected[f"order-received:{part['seller_order_id']}"] = cast.seller_emails[part["seller_id"]]

        async def keys(address: str) -> Counter[str]:
            return Counter(mail["headers"].get("X-Halles-Key", "") for mail in await place.outside.mails_to(address))

        async def all_there() -> bool:
            return all([(await keys(address))[key] for key, address in expected.items()])

        await until("the mails", all_there)
        for key, address in expected.items():
            self.equal(f"mails to {address}: {key.partition(':')[0]}", 1, (await keys(address))[key])

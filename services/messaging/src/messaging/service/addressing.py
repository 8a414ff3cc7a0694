"""Finds out whom a mail is for and what it tells: asked at identity at the moment of use, kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from edge.errors import Unavailable
from messaging.ports import AccountMail, Contact, Contacts, Directory
from messaging.repository.mails import ClaimedMail
from messaging.service.letters.facts import Facts, OrderFacts, amount_of

Orders = Mapping[str, dict[str, Any]]
_REQUEST, _SHOP, _BUYER = "request", "seller", "order"
"""Kinds of audiences; any other kind is an account."""


class NotNeeded(Exception):
    """The person, the order's part or the reason is gone."""


class NotYet(Exception):
    """The order's own event has not arrived here; it will."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """``recipients`` share one letter in the first one's language."""

    recipients: Sequence[Contact]
    facts: Facts


class Addressing:
    def __init__(self, directory: Directory, *, site_url: str) -> None:
        self._directory = directory
        self._site_url = site_url

    async def look_up(self, mails: Sequence[ClaimedMail], orders: Orders) -> Contacts | None:
        """Everybody whom these mails are for, by one question; None while identity is away."""
        accounts = {account_id for mail in mails if (account_id := _account_of(mail, orders))}
        sellers = {mail.audience_id for mail in mails if mail.audience_kind == _SHOP}
        try:
            return await self._directory.contacts(accounts=accounts, sellers=sellers)
        except Unavailable:
            return None

    async def address(self, mail: ClaimedMail, orders: Orders, known: Contacts | None) -> Addressed:
        """``orders`` and ``known``: what is known of the mails in hand.

        Raises ``NotNeeded``, ``NotYet`` or ``edge.errors.Unavailable``.
        """
        row = _order(mail, orders)
        contacts, token = await self._contacts(mail, orders, known)
        if not contacts:
            raise NotNeeded(f"nobody behind {mail.audience_kind} {mail.audience_id}")
        facts = Facts(
            greeting_name=" & ".join(contact.display_name for contact in contacts),
            site_url=self._site_url,
            details=mail.details,
            token=token,
            order=await self._facts(row) if row else None,
        )
        return Addressed(contacts, facts)

    async def _contacts(
        self, mail: ClaimedMail, orders: Orders, known: Contacts | None
    ) -> tuple[Sequence[Contact], str | None]:
        if mail.audience_kind == _REQUEST:
            opened = await self._directory.account_mail(mail.audience_id)
            return ([_safe(opened)], opened.token) if opened else ([], None)
        if known is None:
            raise Unavailable("Identity did not say whom to write to.")
        if mail.audience_kind == _SHOP:
            return known.owners.get(mail.audience_id, ()), None
        person = known.accounts.get(_account_of(mail, orders) or "")
        return [person] if person else [], None

    async def _facts(self, row: dict[str, Any]) -> OrderFacts:
        names = await self._directory.shop_names({part["seller_id"] for part in row["seller_orders"]})
        return OrderFacts(
            order_id=row["order_id"],
            number=row["number"],
            total=amount_of(row["total"]),
            seller_orders=tuple(row["seller_orders"]),
            shops=names,
        )


def _account_of(mail: ClaimedMail, orders: Orders) -> str | None:
    """The person whom a mail is for, as far as that is known without asking."""
    if mail.audience_kind in (_REQUEST, _SHOP):
        return None
    if mail.audience_kind != _BUYER:
        return mail.audience_id
    order = orders.get(mail.details.get("order_id", ""))
    return order["buyer_id"] if order else None


def _order(mail: ClaimedMail, orders: Orders) -> dict[str, Any] | None:
    order_id = mail.details.get("order_id")
    if order_id is None:
        return None
    if order_id not in orders:
        raise NotYet(f"{order_id} is not known here yet")
    return orders[order_id]


def _safe(mail: AccountMail) -> Contact:
    """Until an address is verified, a stranger may have chosen the name: it would let them write to anybody through us."""
    return replace(mail.contact, display_name="") if mail.purpose == "verify-email" else mail.contact

"""Finds out whom a mail is for and what it tells: asked at identity at the moment of use, kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from messaging.ports import AccountMail, Contact, Directory
from messaging.repository.mails import ClaimedMail
from messaging.service.letters.facts import Facts, OrderFacts, amount_of


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

    async def address(self, mail: ClaimedMail, orders: Mapping[str, dict[str, Any]]) -> Addressed:
        """``orders``: what is known here about the orders of the mails in hand.

        Raises ``NotNeeded``, ``NotYet`` or ``edge.errors.Unavailable``.
        """
        row = _order(mail, orders)
        contacts, token = await self._contacts(mail, row)
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

    async def _contacts(self, mail: ClaimedMail, order: dict[str, Any] | None) -> tuple[Sequence[Contact], str | None]:
        match mail.audience_kind:
            case "request":
                opened = await self._directory.account_mail(mail.audience_id)
                return ([_safe(opened)], opened.token) if opened else ([], None)
            case "seller":
                return await self._directory.owners(mail.audience_id), None
            case _:
                account_id = order["buyer_id"] if order and mail.audience_kind == "order" else mail.audience_id
                person = await self._directory.account(account_id)
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


def _order(mail: ClaimedMail, orders: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
    order_id = mail.details.get("order_id")
    if order_id is None:
        return None
    if order_id not in orders:
        raise NotYet(f"{order_id} is not known here yet")
    return orders[order_id]


def _safe(mail: AccountMail) -> Contact:
    """Until an address is verified, a stranger may have chosen the name: it would let them write to anybody through us."""
    return replace(mail.contact, display_name="") if mail.purpose == "verify-email" else mail.contact

"""Mails to the buyer of an order."""

from datetime import datetime

from messaging.domain.letter import Button, Letter, Row
from messaging.ports import Texts
from messaging.service.letters.facts import Facts, amount_of, goods, greeting

_REASONS = {"stock-rejected", "payment-expired", "payment-failed", "reservation-expired", "buyer-cancelled"}


def confirmed(facts: Facts, t: Texts) -> Letter:
    """One mail for the whole order, all sellers inside."""
    order, total = facts.known_order, t.money(facts.known_order.total)
    count = sum(line["quantity"] for part in order.seller_orders for line in part["lines"])
    sections = [goods(part, t, title=order.shop(part["seller_id"], t), priced=True) for part in order.seller_orders]
    return Letter(
        locale=t.locale,
        subject=t.text("order-confirmed.subject", number=order.number),
        preview=t.plural("order-confirmed.preview", count, total=total),
        greeting=greeting(facts, t),
        paragraphs=(t.text("order-confirmed.intro"),),
        sections=tuple(sections),
        facts=(Row(t.text("total"), total),),
        button=_order_button("order-confirmed", facts, t),
        small_print=(t.text("order-confirmed.next"),),
    )


def shipped(facts: Facts, t: Texts) -> Letter:
    details, order = facts.details, facts.known_order
    shop = order.shop(details["seller_id"], t)
    part = order.part(details["seller_order_id"])
    return Letter(
        locale=t.locale,
        subject=t.text("order-shipped.subject", shop=shop),
        preview=t.text("order-shipped.preview", number=order.number, tracking=details["tracking_number"]),
        greeting=greeting(facts, t),
        paragraphs=(t.text("order-shipped.intro", shop=shop),),
        sections=(goods(part, t, title=t.text("order-shipped.section"), priced=False),),
        facts=(
            Row(t.text("fact.order"), order.number),
            Row(t.text("fact.carrier"), _name_of(details["carrier"])),
            Row(t.text("fact.tracking"), details["tracking_number"]),
            Row(t.text("fact.shipped"), _day(details["at"], t)),
        ),
        button=_order_button("order-shipped", facts, t),
    )


def delivered(facts: Facts, t: Texts) -> Letter:
    """Asks for a review, too."""
    details, order = facts.details, facts.known_order
    shop = order.shop(details["seller_id"], t)
    part = order.part(details["seller_order_id"])
    return Letter(
        locale=t.locale,
        subject=t.text("order-delivered.subject", shop=shop),
        preview=t.text("order-delivered.preview"),
        greeting=greeting(facts, t),
        paragraphs=(t.text("order-delivered.intro", shop=shop), t.text("order-delivered.next")),
        sections=(goods(part, t, title=t.text("order-delivered.section"), priced=False),),
        facts=(
            Row(t.text("fact.order"), order.number),
            Row(t.text("fact.delivered"), _day(details["at"], t)),
        ),
        button=_order_button("order-delivered", facts, t),
    )


def cancelled(facts: Facts, t: Texts) -> Letter:
    number, given = facts.known_order.number, facts.details["reason"]
    reason = t.text(f"reason.{given if given in _REASONS else 'other'}")
    return Letter(
        locale=t.locale,
        subject=t.text("order-cancelled.subject", number=number),
        preview=t.text("order-cancelled.preview"),
        greeting=greeting(facts, t),
        paragraphs=(t.text("order-cancelled.intro", number=number, reason=reason), t.text("order-cancelled.money")),
        button=_order_button("order-cancelled", facts, t),
    )


def refunded(facts: Facts, t: Texts) -> Letter:
    number, amount = facts.known_order.number, t.money(amount_of(facts.details["amount"]))
    return Letter(
        locale=t.locale,
        subject=t.text("order-refunded.subject", number=number),
        preview=t.text("order-refunded.preview", amount=amount),
        greeting=greeting(facts, t),
        paragraphs=(t.text("order-refunded.intro", number=number, amount=amount),),
        facts=(Row(t.text("fact.order"), number), Row(t.text("fact.amount"), amount)),
        button=_order_button("order-refunded", facts, t),
    )


def _order_button(kind: str, facts: Facts, t: Texts) -> Button:
    return Button(t.text(f"{kind}.button"), f"{facts.site_url}/orders/{facts.known_order.order_id}")


def _name_of(carrier: str) -> str:
    """A carrier's code as people read it: ``mondial-relay`` is Mondial Relay."""
    return carrier.replace("-", " ").replace("_", " ").title()


def _day(text: str, t: Texts) -> str:
    return t.day(datetime.fromisoformat(text))

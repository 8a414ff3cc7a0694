"""Mails to the owners of a shop: their own part of an order, never the buyer's name or address."""

from messaging.domain.letter import Button, Letter, Row
from messaging.ports import Texts
from messaging.service.letters.facts import Facts, amount_of, goods, greeting


def received(facts: Facts, t: Texts) -> Letter:
    order = facts.known_order
    part = order.part(facts.details["seller_order_id"])
    return Letter(
        locale=t.locale,
        subject=t.text("order-received.subject", number=order.number),
        preview=t.text("order-received.preview", total=t.money(amount_of(part["total"]))),
        greeting=greeting(facts, t),
        paragraphs=(t.text("order-received.intro"),),
        sections=(goods(part, t, title=t.text("order-received.section"), priced=True),),
        button=_seller_button("order-received", facts, t),
        small_print=(t.text("order-received.next"),),
    )


def transferred(facts: Facts, t: Texts) -> Letter:
    number, amount = facts.known_order.number, t.money(amount_of(facts.details["net"]))
    return Letter(
        locale=t.locale,
        subject=t.text("settlement-transferred.subject", number=number, amount=amount),
        preview=t.text("settlement-transferred.preview"),
        greeting=greeting(facts, t),
        paragraphs=(t.text("settlement-transferred.intro", number=number),),
        facts=(Row(t.text("fact.order"), number), Row(t.text("fact.amount"), amount)),
        button=_seller_button("settlement-transferred", facts, t),
    )


def _seller_button(kind: str, facts: Facts, t: Texts) -> Button:
    return Button(t.text(f"{kind}.button"), f"{facts.site_url}/seller/orders/{facts.details['seller_order_id']}")

"""Stores what a batch of events leads to: three inserts at most, however long the batch; keys make repeats harmless."""

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from chassis.db import HotTransaction
from contracts.ids import new_id
from messaging.domain.message import Mail, Notice, OrderFacts, Reaction

_MAILS = """
INSERT INTO mails (mail_id, dedup_key, kind, audience_kind, audience_id, details, correlation_id)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::text[])
ON CONFLICT (dedup_key) DO NOTHING
"""
_NOTICES = """
INSERT INTO notifications (notification_id, dedup_key, audience_id, kind, order_id, details, link)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::text[])
ON CONFLICT (dedup_key) DO NOTHING
"""
_ORDERS = """
INSERT INTO orders (order_id, number, buyer_id, total, seller_orders)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::jsonb[], %s::jsonb[])
ON CONFLICT (order_id) DO NOTHING
"""


async def store(tx: HotTransaction, reactions: Sequence[tuple[Reaction, str]]) -> None:
    """Store reactions, each with the correlation id of its event."""
    await _insert(tx, _ORDERS, [_order(order) for reaction, _ in reactions for order in reaction.orders])
    await _insert(tx, _MAILS, [_mail(mail, cause) for reaction, cause in reactions for mail in reaction.mails])
    await _insert(tx, _NOTICES, [_notice(notice) for reaction, _ in reactions for notice in reaction.notices])


async def _insert(tx: HotTransaction, query: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        await tx.execute(query, [list(column) for column in zip(*rows, strict=True)])


def _mail(mail: Mail, correlation_id: str) -> tuple[object, ...]:
    audience = mail.audience
    return new_id("mai"), mail.key, mail.kind, audience.kind, audience.id, Jsonb(mail.details), correlation_id


def _notice(notice: Notice) -> tuple[object, ...]:
    details = Jsonb(notice.details)
    return new_id("ntf"), notice.key, notice.audience_id, notice.kind, notice.order_id, details, notice.link


def _order(order: OrderFacts) -> tuple[object, ...]:
    return order.order_id, order.number, order.buyer_id, Jsonb(order.total), Jsonb(order.seller_orders)

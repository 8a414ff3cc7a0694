"""Looking at a cart and putting something in it, in their plain shape (see ``edge.hot``)."""

from typing import Any

import orjson

from chassis.db import Database
from edge.auth import Guard, Principal
from edge.hot import Answer, HotRoute, Question
from order.api.cart_schemas import cart_answer
from order.domain.cart import MAX_QUANTITY
from order.service import carts
from order.service.carts import Shown, Visitor

_BUYERS = Guard(frozenset({"buyer", "anonymous"}))
_TOKEN = b"halles-cart"
_LONGEST_TOKEN = 128


def routes(db: Database, currency: str) -> list[HotRoute]:
    """In front of the routes of ``carts`` with the same paths."""
    return [
        HotRoute(method="GET", path="/v1/cart", guard=_BUYERS, answer=_show(db, currency)),
        HotRoute(
            method="PUT",
            path="/v1/cart/lines/{offer_id}",
            guard=_BUYERS,
            has_body=True,
            answer=_put_line(db, currency),
        ),
    ]


def _show(db: Database, currency: str) -> Answer:
    async def answer(question: Question, caller: Principal) -> bytes | None:
        visitor = _visitor(question, caller)
        if visitor is None:
            return None
        async with db.reading() as tx:
            shown = await carts.glance(tx, visitor, currency=currency)
        if shown is None:
            async with db.hot_transaction() as tx:
                shown = await carts.show(tx, visitor, currency=currency)
        return _body(shown)

    return answer


def _put_line(db: Database, currency: str) -> Answer:
    async def answer(question: Question, caller: Principal) -> bytes | None:
        visitor, quantity = _visitor(question, caller), _quantity(question.body)
        if visitor is None or quantity is None:
            return None
        async with db.hot_transaction() as tx:
            shown = await carts.put_line(tx, visitor, offer_id=question.path_id, quantity=quantity, currency=currency)
        return _body(shown)

    return answer


def _visitor(question: Question, caller: Principal) -> Visitor | None:
    token = question.header(_TOKEN)
    if token is not None and len(token) > _LONGEST_TOKEN:
        return None
    return Visitor(account_id=None if "anonymous" in caller.roles else caller.subject, token=token)


def _quantity(body: bytes) -> int | None:
    """Of a body that says this and nothing else."""
    try:
        parsed: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    quantity = parsed.get("quantity") if isinstance(parsed, dict) and len(parsed) == 1 else None
    return quantity if type(quantity) is int and 1 <= quantity <= MAX_QUANTITY else None


def _body(shown: Shown) -> bytes:
    return cart_answer(shown).model_dump_json().encode()

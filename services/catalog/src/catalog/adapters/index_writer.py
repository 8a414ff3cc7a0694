"""Writing what events tell into the index. Everything is gated by sequence, so repeats and late copies change nothing."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from catalog.adapters import index_script
from catalog.adapters.index_admin import IndexAdmin
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import Engine, away_as, is_away
from contracts.catalog import OfferState
from contracts.identity import SellerState
from contracts.review import RatingState
from edge.errors import Unavailable

_OLDER, _NO_INDEX = 409, 404
_CONFLICT_TRIES = 20


class RefusedByEngine(Exception):
    """The engine will never take this document: a mistake of ours."""


class IndexWriter:
    """Implements ``ports.SearchWriter``. Writes through the aliases, or into ``version`` while it is being rebuilt."""

    def __init__(self, engine: Engine, names: IndexNames, *, version: int | None = None) -> None:
        suffix = "" if version is None else f"-v{version}"
        self._engine = engine
        self._admin = IndexAdmin(engine, names)
        self._products, self._shops = names.products + suffix, names.shops + suffix
        self._is_alias = version is None
        self._is_extended = not self._is_alias

    async def put_offers(self, states: Sequence[tuple[OfferState, int]]) -> None:
        by_product = sorted(states, key=lambda told: told[0].product_id)
        actions: list[dict[str, Any]] = []
        for product_id, told in groupby(by_product, key=lambda told: told[0].product_id):
            actions += self._update(product_id, index_script.OFFERS, {"told": [_told(*item) for item in told]})
        await self._bulk(actions)

    async def put_ratings(self, states: Sequence[tuple[RatingState, int]]) -> None:
        actions: list[dict[str, Any]] = []
        for state, sequence in states:
            if state.kind == "product":
                actions += self._update(state.subject_id, index_script.RATING, _rating(state, sequence))
        await self._bulk(actions)

    async def put_shops(self, states: Sequence[tuple[SellerState, int]]) -> None:
        actions: list[dict[str, Any]] = []
        for state, sequence in states:
            place = {"_index": self._shops, "_id": state.seller_id, "require_alias": self._is_alias}
            actions += [{"index": {**place, "version": sequence, "version_type": "external"}}, _shop(state)]
        await self._bulk(actions)

    def _update(self, product_id: str, script: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        place = {"_index": self._products, "_id": product_id, "require_alias": self._is_alias}
        body = {
            "script": {"lang": "painless", "source": script, "params": params},
            "scripted_upsert": True,
            "upsert": {},
        }
        return [{"update": {**place, "retry_on_conflict": _CONFLICT_TRIES}}, body]

    async def _bulk(self, actions: list[dict[str, Any]]) -> None:
        if not actions:
            return
        if not self._is_extended:  # the indices may be older than this program
            await self._admin.extend()
            self._is_extended = True
        if await self._send(actions) == _NO_INDEX:
            await self._admin.ensure()
            if await self._send(actions) == _NO_INDEX:
                raise Unavailable("The search index is not there.")

    async def _send(self, actions: list[dict[str, Any]]) -> int:
        """Returns ``_NO_INDEX`` when the alias is missing, else 200; an older version of a document is no failure."""
        async with away_as():
            answer = await self._engine.lines("_bulk", actions)
        failed = [result for item in answer["items"] for result in item.values() if result["status"] >= 300]
        for result in failed:
            if result["status"] == _NO_INDEX and self._is_alias:
                return _NO_INDEX
            if result["status"] != _OLDER or result["_index"].startswith(self._products):
                _judge(result)
        return 200


def _judge(result: dict[str, Any]) -> None:
    if is_away(result["status"]) or result["status"] == _OLDER:
        raise Unavailable(f"The search engine did not take a document (status {result['status']}).")
    raise RefusedByEngine(f"{result['_index']}/{result['_id']}: {result['error']}")


def _told(state: OfferState, sequence: int) -> dict[str, Any]:
    offer = {
        "offer_id": state.offer_id,
        "seller_id": state.seller_id,
        "price": state.price.amount,
        "currency": state.price.currency,
        "available": state.available,
    }
    return {
        "offer_id": state.offer_id,
        "sequence": sequence,
        "offer": offer if state.status == "active" else None,
        "variant_id": state.variant_id,
        "label": state.variant.model_dump(),
        "product": {
            "product_id": state.product_id,
            "category_path": list(state.category_path),
            "title": state.title.model_dump(),
            "description": state.description.model_dump(),
            "image_url": state.image_url,
            "images": [image.model_dump() for image in state.images],
            "listed_at": state.listed_at.isoformat(),
        },
    }


def _rating(state: RatingState, sequence: int) -> dict[str, Any]:
    hundredths = (state.total * 200 + state.count) // (2 * state.count) if state.count else 0
    return {"product_id": state.subject_id, "sequence": sequence, "count": state.count, "hundredths": hundredths}


def _shop(state: SellerState) -> dict[str, Any]:
    return {
        "seller_id": state.seller_id,
        "handle": state.handle,
        "name": state.name,
        "is_open": state.status == "open",
    }

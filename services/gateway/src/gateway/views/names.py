"""Names of shops for views that know only their ids: remembered until identity says that a shop changed."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from gateway.call import Call
from gateway.passing import Passing
from gateway.refusals import UpstreamAway
from gateway.views.parts import note_partial

_REMEMBERED = 5_000
_BATCH = 100
Shop = dict[str, Any]


class ShopNames:
    """``{seller_id: {seller_id, handle, name}}`` by one batch call for those not yet known. Part name: ``sellers``."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing
        self._known: OrderedDict[str, Shop] = OrderedDict()

    async def of(self, call: Call, seller_ids: Iterable[str]) -> dict[str, Shop] | None:
        """None, noted as partial, when identity is away and any name is unknown."""
        wanted = sorted(set(seller_ids))[:_BATCH]
        missing = [seller_id for seller_id in wanted if seller_id not in self._known]
        if missing and not await self._learn(call, missing):
            return None
        return {seller_id: self._known[seller_id] for seller_id in wanted if seller_id in self._known}

    def forget(self, seller_id: str) -> None:
        self._known.pop(seller_id, None)

    def forget_all(self) -> None:
        self._known.clear()

    async def _learn(self, call: Call, missing: list[str]) -> bool:
        try:
            answer = await self._passing.read(call, "identity", f"/v1/sellers?ids={','.join(missing)}&limit={_BATCH}")
            shops = answer.document()["items"] if answer.is_success else None
        except UpstreamAway as away:
            note_partial(call, "sellers", away.reason)
            return False
        if shops is None:
            note_partial(call, "sellers", "refused")
            return False
        for shop in shops:
            self._known[shop["seller_id"]] = {name: shop[name] for name in ("seller_id", "handle", "name")}
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return True

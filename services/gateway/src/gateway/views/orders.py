"""Orders as their buyer and as one of their sellers see them."""

from typing import Any

from starlette.responses import Response

from gateway.call import Call
from gateway.passing import Passing
from gateway.refusals import UpstreamAway
from gateway.views.names import ShopNames
from gateway.views.parts import Part, Refused, composed, gather, required


class Orders:
    """Required: the order. Optional: ``shipments``, ``payment``, ``sellers`` (names)."""

    def __init__(self, passing: Passing, names: ShopNames) -> None:
        self._passing = passing
        self._names = names

    async def __call__(self, call: Call) -> Response:
        order = await required(self._passing, call)
        return composed(call, await self.with_parts(call, order))

    async def read(self, call: Call, order_id: str) -> dict[str, Any]:
        """The whole view outside its own route (streams, waiting checkouts); raises as the route would."""
        answer = await self._passing.read(call, "order", f"/v1/orders/{order_id}")
        if not answer.is_success:
            raise Refused(answer)
        return {**await self.with_parts(call, answer.document()), "partial": call.partial}

    async def with_parts(self, call: Call, order: dict[str, Any]) -> dict[str, Any]:
        order_id = order["order_id"]
        parts = await gather(
            self._passing,
            call,
            [
                Part("shipments", "logistics", f"/v1/orders/{order_id}/shipments"),
                Part("payment", "payment", f"/v1/payments/{order_id}"),
            ],
        )
        sellers = await self._names.of(call, {part["seller_id"] for part in order["seller_orders"]})
        return {**order, "shipments": _items(parts["shipments"]), "payment": parts["payment"], "sellers": sellers}

    async def owned(self, call: Call, order_id: str) -> dict[str, Any]:
        """Just the order, to check that it is the caller's; raises ``Refused`` (404) for anybody else's."""
        answer = await self._passing.read(call, "order", f"/v1/orders/{order_id}")
        if not answer.is_success:
            raise Refused(answer)
        return answer.document()


class SellerOrders:
    """Required: the seller's part of the order. Optional: ``shipment``."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing

    async def __call__(self, call: Call) -> Response:
        order = await required(self._passing, call)
        seller_id, seller_order_id = call.values["seller_id"], call.values["seller_order_id"]
        path = f"/v1/sellers/{seller_id}/shipments?order={seller_order_id}"
        parts = await gather(self._passing, call, [Part("shipment", "logistics", path)])
        items = _items(parts["shipment"])
        return composed(call, {**order, "shipment": items[0] if items else None})


def _items(page: dict[str, Any] | None) -> list[Any] | None:
    """The list inside a page; None stays None (never a silent empty list)."""
    if page is None:
        return None
    if not isinstance(items := page.get("items"), list):
        raise UpstreamAway("logistics", "garbage")
    return items

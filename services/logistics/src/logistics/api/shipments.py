"""Parcels for buyers and sellers."""

from typing import Annotated

from fastapi import APIRouter, Response

from chassis.db import Database
from edge import cursor
from edge.auth import Principal, allow
from edge.errors import NotFound
from logistics.api.fields import Cursor, Id, Limit, OrderFilter
from logistics.api.schemas import (
    SellerShipmentList,
    SellerShipmentView,
    ShipmentList,
    ShipRequest,
    seller_view,
    shipment_view,
)
from logistics.domain.shipment import Status
from logistics.repository import reading
from logistics.service.shipping import Registrar, ask_to_ship

Reader = Annotated[Principal, allow("buyer", "support", "admin")]
Member = Annotated[Principal, allow("seller-owner", "seller-staff")]
_OPERATORS = {"support", "admin"}


def router(db: Database, registrar: Registrar) -> APIRouter:
    """Routes under ``/v1/orders`` and ``/v1/sellers``."""
    routes = APIRouter(prefix="/v1", tags=["shipments"])

    @routes.get("/orders/{order_id}/shipments")
    async def of_order(order_id: Id, reader: Reader) -> ShipmentList:
        """Parcels of one's own order; operators see those of every order."""
        buyer_id = None if _OPERATORS & reader.roles else reader.subject
        async with db.reading() as tx:
            found = await reading.of_order(tx, order_id, buyer_id=buyer_id)
        if found is None:
            raise NotFound("You have no such order.")
        return ShipmentList(items=[shipment_view(detail) for detail in found])

    @routes.get("/sellers/{seller_id}/shipments")
    async def of_seller(
        seller_id: Id, member: Member, order: OrderFilter = None, after: Cursor = None, limit: Limit = 20
    ) -> SellerShipmentList:
        """The shop's parcels, newest first; ``order`` narrows to a seller order or an order."""
        _require_member(member, seller_id)
        place = cursor.decode(after, parts=1)
        async with db.reading() as tx:
            found = await reading.of_seller(tx, seller_id, order=order, before=place[0] if place else None, limit=limit)
        following = cursor.encode(found[-1].shipment.shipment_id) if len(found) == limit else None
        return SellerShipmentList(items=[seller_view(detail) for detail in found], next=following)

    @routes.get("/sellers/{seller_id}/shipments/{shipment_id}")
    async def read(seller_id: Id, shipment_id: Id, member: Member) -> SellerShipmentView:
        """One parcel of the shop."""
        _require_member(member, seller_id)
        return await _view(db, shipment_id, seller_id)

    @routes.post("/sellers/{seller_id}/shipments/{shipment_id}/ship")
    async def ship(
        seller_id: Id, shipment_id: Id, request: ShipRequest, member: Member, response: Response
    ) -> SellerShipmentView:
        """Hand the parcel to a carrier. 202 when the carrier is away: it is asked again until it answers."""
        _require_member(member, seller_id)
        async with db.hot_transaction() as tx:
            await ask_to_ship(
                tx,
                shipment_id,
                seller_id=seller_id,
                carrier=request.carrier,
                tracking_number=request.tracking_number,
            )
        await registrar.register_now(shipment_id)
        view = await _view(db, shipment_id, seller_id)
        response.status_code = 202 if view.status is Status.PREPARING else 200
        return view

    return routes


async def _view(db: Database, shipment_id: str, seller_id: str) -> SellerShipmentView:
    async with db.reading() as tx:
        found = await reading.find(tx, shipment_id, seller_id=seller_id)
    if found is None:
        raise NotFound("This shop has no such parcel.")
    return seller_view(found)


def _require_member(member: Principal, seller_id: str) -> None:
    if not member.member_of(seller_id):
        raise NotFound("You have no such shop.")

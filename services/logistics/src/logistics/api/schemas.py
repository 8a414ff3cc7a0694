"""Requests and answers of shipments."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from contracts.values import LocalText
from logistics.domain.shipment import Scan, Status
from logistics.repository.reading import ShipmentDetail
from logistics.service.tracking import Told


class ShipRequest(BaseModel):
    """``carrier``: its short name, for example ``colissimo``. Without a tracking number the carrier gives one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    carrier: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=64)]
    tracking_number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$")] | None = None


class CallbackRequest(BaseModel):
    """What the carrier sends; fields that it adds later are ignored."""

    id: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
    reference: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
    tracking_number: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
    status: Scan
    occurred_at: AwareDatetime

    def to_domain(self) -> Told:
        return Told(
            callback_id=self.id,
            reference=self.reference,
            tracking_number=self.tracking_number,
            scan=self.status,
            occurred_at=self.occurred_at,
        )


class CallbackAnswer(BaseModel):
    """``outcome``: ``taken``, or why nothing changed."""

    outcome: str


class ShipmentLineView(BaseModel):
    line_id: str
    offer_id: str
    product_id: str
    title: LocalText
    quantity: int


class StepView(BaseModel):
    status: str
    occurred_at: datetime


class ShipmentView(BaseModel):
    """A parcel as its buyer sees it; the timeline is in the order in which the steps were heard."""

    shipment_id: str
    order_id: str
    seller_order_id: str
    seller_id: str
    status: Status
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: list[ShipmentLineView]
    timeline: list[StepView]


class RegistrationView(BaseModel):
    """``state``: ``pending`` (the carrier is asked again by itself) | ``done`` | ``refused`` (ask for another)."""

    state: str
    error: str | None


class SellerShipmentView(ShipmentView):
    """The same for its seller, with how far the registration at the carrier is."""

    registration: RegistrationView | None


class ShipmentList(BaseModel):
    items: list[ShipmentView]


class SellerShipmentList(BaseModel):
    items: list[SellerShipmentView]
    next: str | None


def shipment_view(detail: ShipmentDetail) -> ShipmentView:
    shipment = detail.shipment
    return ShipmentView(
        shipment_id=shipment.shipment_id,
        order_id=shipment.order_id,
        seller_order_id=shipment.seller_order_id,
        seller_id=shipment.seller_id,
        status=shipment.status,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        lines=[ShipmentLineView.model_validate(line, from_attributes=True) for line in detail.lines],
        timeline=[StepView(status=status, occurred_at=at) for status, at in detail.timeline],
    )


def seller_view(detail: ShipmentDetail) -> SellerShipmentView:
    state = detail.registration_state
    registration = RegistrationView(state=state, error=detail.registration_error) if state else None
    return SellerShipmentView(**shipment_view(detail).model_dump(), registration=registration)

"""A seller hands a parcel over: the wish is written first, the carrier is called outside of any transaction."""

import asyncio

import structlog

from chassis import context, outbox
from chassis.context import Cause
from chassis.crash import checkpoint
from chassis.db import Database, HotTransaction
from contracts.logistics import ShipmentShipped
from edge.errors import NotFound
from logistics.domain.errors import AlreadyShipped, CarrierRefusedParcel, RegistrationPending
from logistics.domain.shipment import Shipment, Status
from logistics.ports import Carrier, CarrierAway, CarrierRefused, Parcel, Registered
from logistics.repository import registrations, shipments
from logistics.repository.registrations import Registration

logger = structlog.get_logger()
_LEASE_SECONDS = 30
_BATCH = 20
_FIRST_PAUSE_SECONDS = 2
_LONGEST_PAUSE_SECONDS = 300


async def ask_to_ship(
    tx: HotTransaction, shipment_id: str, *, seller_id: str, carrier: str, tracking_number: str | None
) -> None:
    """Write down what the seller wants; the same wish again changes nothing, another one is refused while it counts."""
    shipment = await shipments.lock(tx, shipment_id, seller_id=seller_id)
    if shipment is None:
        raise NotFound("This shop has no such parcel.")
    asked = await registrations.find(tx, shipment_id)
    is_same = asked is not None and (asked.carrier, asked.tracking_number) == (carrier, tracking_number)
    if shipment.status is not Status.PREPARING:
        if is_same or (shipment.carrier, shipment.tracking_number) == (carrier, tracking_number):
            return
        raise AlreadyShipped(f"It went with {shipment.carrier}, tracking number {shipment.tracking_number}.")
    if asked is not None and asked.state == "pending":
        if is_same:
            return
        raise RegistrationPending(f"{asked.carrier} is being asked; wait for the answer.")
    correlation = context.current().correlation_id
    await registrations.ask(
        tx, shipment_id, carrier=carrier, tracking_number=tracking_number, correlation_id=correlation
    )


class Registrar:
    """Asks the carrier until it answers; the reference is the shipment's id, so asking twice is one parcel."""

    def __init__(self, db: Database, carrier: Carrier) -> None:
        self._db = db
        self._carrier = carrier

    async def register_now(self, shipment_id: str) -> None:
        """Ask about one parcel at once. Raises ``CarrierRefusedParcel``; a carrier that is away is asked again later."""
        async with self._db.hot_transaction() as tx:
            leased = await registrations.lease(tx, seconds=_LEASE_SECONDS, limit=1, only=shipment_id)
        for registration in leased:
            if (refusal := await self._ask(registration)) is not None:
                raise CarrierRefusedParcel(f"{registration.carrier} says: {refusal}.")

    async def work(self) -> bool:
        """The loop's work: ask about what is due; True when there may be more."""
        async with self._db.hot_transaction() as tx:
            leased = await registrations.lease(tx, seconds=_LEASE_SECONDS, limit=_BATCH)
        await asyncio.gather(*map(self._ask, leased))
        return len(leased) == _BATCH

    async def _ask(self, registration: Registration) -> str | None:
        """One call and what follows from it; the carrier's words when it refused."""
        parcel = Parcel(
            reference=registration.shipment_id,
            carrier=registration.carrier,
            tracking_number=registration.tracking_number,
        )
        try:
            registered = await self._carrier.register(parcel)
        except CarrierAway as away:
            await self._postpone(registration, str(away))
            return None
        except CarrierRefused as refused:
            await self._refuse(registration, str(refused))
            return str(refused)
        checkpoint("registration.answered")
        async with self._db.hot_transaction() as tx:
            await hand_over(tx, registration.shipment_id, registered)
        return None

    async def _postpone(self, registration: Registration, error: str) -> None:
        pause = min(_FIRST_PAUSE_SECONDS << min(registration.attempts - 1, 10), _LONGEST_PAUSE_SECONDS)
        logger.warning("registration.postponed", shipment_id=registration.shipment_id, seconds=pause, error=error)
        async with self._db.hot_transaction() as tx:
            await registrations.postpone(tx, registration.shipment_id, seconds=pause, error=error)

    async def _refuse(self, registration: Registration, error: str) -> None:
        logger.info("registration.refused", shipment_id=registration.shipment_id, error=error)
        async with self._db.hot_transaction() as tx:
            await registrations.finish(tx, registration.shipment_id, state="refused", error=error)


async def hand_over(tx: HotTransaction, shipment_id: str, registered: Registered) -> Shipment | None:
    """The carrier has the parcel: mark it shipped and tell; None when that was known already."""
    shipment = await shipments.lock(tx, shipment_id)
    asked = await registrations.find(tx, shipment_id)
    if shipment is None or asked is None or shipment.status is not Status.PREPARING:
        return None
    shipped = await shipments.ship(
        tx,
        shipment_id,
        carrier=asked.carrier,
        tracking_number=registered.tracking_number,
        tracking_url=registered.tracking_url,
    )
    await registrations.finish(tx, shipment_id, state="done")
    cause = Cause(asked.correlation_id)
    outbox.add(tx, _shipped(shipped), subject=shipment_id, sequence=shipped.sequence, cause=cause)
    return shipped


def _shipped(shipment: Shipment) -> ShipmentShipped:
    if shipment.carrier is None or shipment.tracking_number is None or shipment.shipped_at is None:
        raise LookupError(f"shipment {shipment.shipment_id} is shipped without its details")
    return ShipmentShipped(
        shipment_id=shipment.shipment_id,
        order_id=shipment.order_id,
        seller_order_id=shipment.seller_order_id,
        seller_id=shipment.seller_id,
        buyer_id=shipment.buyer_id,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        shipped_at=shipment.shipped_at,
    )

"""What a parcel may do: forwards through its journey, lost at any time before delivery, never back."""

from enum import StrEnum


class ParcelStatus(StrEnum):
    """Where a parcel is."""

    REGISTERED = "registered"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    LOST = "lost"


JOURNEY = (
    ParcelStatus.REGISTERED,
    ParcelStatus.PICKED_UP,
    ParcelStatus.IN_TRANSIT,
    ParcelStatus.OUT_FOR_DELIVERY,
    ParcelStatus.DELIVERED,
)
FINAL = (ParcelStatus.DELIVERED, ParcelStatus.LOST)


def can_follow(status: ParcelStatus, following: ParcelStatus) -> bool:
    """Say whether a parcel may move; steps may be left out, as carriers do when they miss a scan."""
    if status in FINAL or following == ParcelStatus.REGISTERED:
        return False
    return following == ParcelStatus.LOST or JOURNEY.index(following) > JOURNEY.index(status)


def next_step(status: ParcelStatus) -> ParcelStatus | None:
    """Return the next ordinary step, or None at the end."""
    return None if status in FINAL else JOURNEY[JOURNEY.index(status) + 1]

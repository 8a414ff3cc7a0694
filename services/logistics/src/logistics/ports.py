"""The outside world that this service needs."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a carrier is asked to take. ``reference`` is ours; the same one is the same parcel."""

    reference: str
    carrier: str
    tracking_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the carrier answered."""

    tracking_number: str
    tracking_url: str | None


class CarrierAway(Exception):
    """No answer, or one that leaves the outcome open: ask again with the same reference."""


class CarrierRefused(Exception):
    """A definite no; the message is for the seller."""


class Carrier(Protocol):
    """Takes parcels. Asking again with the same reference gives the same answer."""

    async def register(self, parcel: Parcel) -> Registered:
        """Raises ``CarrierAway`` or ``CarrierRefused``."""
        ...

"""Optional: parcels move by themselves, one step after each rest of the set length."""

import asyncio
import time
from collections.abc import Callable

from standins.background import BackgroundTask
from standins.carrier.domain import ParcelStatus, next_step
from standins.carrier.store import ParcelBook


class AutoAdvance:
    """Moves each parcel that rested long enough; does nothing when the setting is 0."""

    def __init__(self, parcels: ParcelBook, *, seconds: float, moved: Callable[[], None]) -> None:
        self._parcels = parcels
        self._seconds = seconds
        self._moved = moved
        self._task = BackgroundTask("auto advance")

    async def start(self) -> None:
        """Start moving."""
        if self._seconds > 0:
            self._task.start(self._run())

    async def stop(self) -> None:
        """Stop moving."""
        await self._task.stop()

    async def _run(self) -> None:
        while True:
            for parcel in self._parcels.resting_since(time.time() - self._seconds):
                following = next_step(ParcelStatus(parcel["status"]))
                if following is not None:
                    self._parcels.move(parcel["tracking_number"], following)
                    self._moved()
            await asyncio.sleep(min(self._seconds, 1.0))

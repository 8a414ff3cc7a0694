"""From the tail to the people who wait: a change of an order wakes everybody that watches this order, nobody else."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator

from contracts.envelope import Envelope
from contracts.event import Event
from contracts.logistics import SHIPMENT
from contracts.order import ORDER, OrderPlaced


class Watch:
    """One watcher. ``changed`` is set by each event of its order, and by ``lost``."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()


class Fanout:
    """Watchers by order id. It carries no state: a woken watcher reads the order again, so nothing can be stale or missed."""

    def __init__(self) -> None:
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)

    def hear(self, _: Envelope, event: Event) -> None:
        """Listener for the tail. That an order was placed changes nothing for those who know it already."""
        if event.topic in (ORDER, SHIPMENT) and not isinstance(event, OrderPlaced):
            self._wake(self._watches.get(getattr(event, "order_id", ""), ()))

    def lost(self) -> None:
        """Events may have been missed: let everybody look for themselves."""
        for watches in self._watches.values():
            self._wake(watches)

    @contextlib.contextmanager
    def watching(self, order_id: str) -> Iterator[Watch]:
        """Begin before reading the order: what happens in between is then never missed."""
        watch = Watch()
        self._watches[order_id].add(watch)
        try:
            yield watch
        finally:
            self._watches[order_id].discard(watch)
            if not self._watches[order_id]:
                del self._watches[order_id]

    @staticmethod
    def _wake(watches: set[Watch] | tuple[()]) -> None:
        for watch in watches:
            watch.changed.set()

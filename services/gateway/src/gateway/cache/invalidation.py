"""Events of the state topics drop what they change; when events may be missed, everything goes."""

from contracts.envelope import Envelope
from contracts.event import Event
from contracts.identity import SellerState
from gateway.cache.store import Store
from gateway.cache.tags import changed_by
from gateway.live.tail import Tail
from gateway.views.names import ShopNames


class Invalidation:
    """Keeps the store of finished answers and the remembered names true."""

    def __init__(self, store: Store, names: ShopNames) -> None:
        self._store = store
        self._names = names

    def follow(self, tail: Tail) -> None:
        tail.subscribe(self.hear, lost=self.lost)

    def hear(self, _: Envelope, event: Event) -> None:
        if isinstance(event, SellerState):
            self._names.forget(event.seller_id)
        if tags := changed_by(event):
            self._store.drop(tags)

    def lost(self) -> None:
        self._names.forget_all()
        self._store.clear()

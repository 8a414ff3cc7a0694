"""Finished bytes by key, bounded in size, dropped by tag. Nothing stored here depends on who asks."""

import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable

from prometheus_client import Counter, Gauge

from gateway.cache.entry import Entry

LOOKUPS = Counter("halles_gateway_cache_total", "Look-ups of finished public answers", ["outcome"])
HIT, MISS, BYPASS = (LOOKUPS.labels(outcome) for outcome in ("hit", "miss", "bypass"))
DROPPED = Counter("halles_gateway_cache_dropped_total", "Entries dropped because an event changed them")
BYTES = Gauge("halles_gateway_cache_bytes", "Memory of finished public answers")
_REMEMBERED_DROPS = 20_000


class Store:
    """``usable`` says whether events are arriving: without them nothing is served and nothing is kept."""

    def __init__(
        self, *, max_bytes: int, usable: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_bytes = max_bytes
        self._usable = usable
        self._clock = clock
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()
        self._by_tag: defaultdict[str, set[bytes]] = defaultdict(set)
        self._bytes = 0
        self._drops = 0
        self._recent: deque[tuple[int, frozenset[str]]] = deque(maxlen=_REMEMBERED_DROPS)

    @property
    def is_usable(self) -> bool:
        return self._max_bytes > 0 and self._usable()

    def get(self, key: bytes) -> Entry | None:
        """A live entry, or None."""
        if not self.is_usable:
            BYPASS.inc()
            return None
        entry = self._entries.get(key)
        if entry is None or entry.expires_at <= self._clock():
            MISS.inc()
            return None
        HIT.inc()
        self._entries.move_to_end(key)
        return entry

    def mark(self) -> int:
        """Take before asking upstream, give to ``put``: what an event changed in between is not kept."""
        return self._drops

    def put(self, key: bytes, entry: Entry, *, mark: int) -> None:
        if not self.is_usable or self._changed_since(mark, entry.tags):
            return
        self._remove(key)
        self._entries[key] = entry
        self._bytes += entry.size
        for tag in entry.tags:
            self._by_tag[tag].add(key)
        while self._bytes > self._max_bytes:
            self._remove(next(iter(self._entries)))
        BYTES.set(self._bytes)

    def drop(self, tags: Iterable[str]) -> None:
        """Forget every entry that carries one of these tags, and remember it for answers still on their way."""
        gone = frozenset(tags)
        self._drops += 1
        self._recent.append((self._drops, gone))
        for tag in gone:
            for key in tuple(self._by_tag.get(tag, ())):
                self._remove(key)
                DROPPED.inc()

    def clear(self) -> None:
        """Events may have been missed: forget everything, also answers still on their way."""
        self._entries.clear()
        self._by_tag.clear()
        self._recent.clear()
        self._bytes = 0
        self._drops += 1
        BYTES.set(0)

    def _changed_since(self, mark: int, tags: frozenset[str]) -> bool:
        if mark == self._drops:
            return False
        oldest = self._recent[0][0] if self._recent else self._drops + 1
        if mark < oldest - 1:
            return True
        return any(number > mark and not tags.isdisjoint(gone) for number, gone in reversed(self._recent))

    def _remove(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._bytes -= entry.size
        for tag in entry.tags:
            keys = self._by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._by_tag[tag]

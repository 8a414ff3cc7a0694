from typing import Any

import pytest

from gateway.cache.entry import Entry, etag_of
from gateway.cache.front import Front
from gateway.cache.keys import is_cacheable, key_of
from gateway.cache.store import Store
from gateway.cache.tags import tags_of, written_at
from gateway.table.route import CachePolicy

POLICY = CachePolicy("search", 2, frozenset({"q", "page"}))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def entry(*tags: str, body: bytes = b"{}", expires_at: float = 10) -> Entry:
    return Entry(body, etag_of(body), [], frozenset(tags), expires_at)


def store(*, max_bytes: int = 100_000, usable: bool = True, clock: Clock | None = None) -> Store:
    return Store(max_bytes=max_bytes, usable=lambda: usable, clock=clock or Clock())


def test_dropping_a_tag_drops_its_entries_only() -> None:
    found = store()
    found.put(b"a", entry("product:1"), mark=found.mark())
    found.put(b"b", entry("product:2"), mark=found.mark())

    found.drop({"product:1"})

    assert found.get(b"a") is None
    assert found.get(b"b") is not None


def test_an_answer_that_changed_on_its_way_is_not_kept() -> None:
    found = store()
    mark = found.mark()

    found.drop({"product:1"})
    found.put(b"a", entry("product:1"), mark=mark)
    found.put(b"b", entry("product:2"), mark=mark)

    assert found.get(b"a") is None
    assert found.get(b"b") is not None


def test_an_answer_on_its_way_while_events_were_lost_is_not_kept() -> None:
    found = store()
    mark = found.mark()

    found.clear()
    found.put(b"a", entry("product:1"), mark=mark)
    found.put(b"b", entry("product:1"), mark=found.mark())

    assert found.get(b"a") is None
    assert found.get(b"b") is not None


def test_without_events_nothing_is_served_or_kept() -> None:
    found = store(usable=False)

    found.put(b"a", entry("x"), mark=found.mark())

    assert found.get(b"a") is None


def test_time_ends_an_entry() -> None:
    clock = Clock()
    found = store(clock=clock)
    found.put(b"a", entry("x", expires_at=5), mark=found.mark())

    clock.now = 5.0

    assert found.get(b"a") is None


def test_size_is_bounded_oldest_first() -> None:
    found = store(max_bytes=5_000)
    for key in (b"a", b"b", b"c"):
        found.put(key, entry("x", body=b"0" * 1000), mark=found.mark())

    assert found.get(b"a") is None
    assert found.get(b"b") is not None
    assert found.get(b"c") is not None


def test_only_known_parameters_and_first_pages_are_cached() -> None:
    assert is_cacheable(POLICY, b"q=miel&page=2")
    assert not is_cacheable(POLICY, b"q=miel&utm_source=x")
    assert not is_cacheable(POLICY, b"q=miel&page=900")
    assert not is_cacheable(POLICY, b"q=miel&page=x")
    assert not is_cacheable(POLICY, b"q=" + b"a" * 600)


def test_a_search_that_is_counted_has_its_own_key() -> None:
    scope = {"raw_path": b"/v1/search", "query_string": b"q=miel", "headers": []}
    counted = {**scope, "headers": [(b"halles-visit", b"vis_1")]}

    assert key_of(scope) == key_of(dict(scope))
    assert key_of(counted) != key_of(scope)
    assert key_of({**scope, "query_string": b"q=miel&lang=en"}) != key_of(scope)


def test_tags_of_a_shop_come_from_its_answer_not_its_address() -> None:
    shop = {"seller_id": "sel_1", "handle": "lou"}

    assert tags_of("seller", shop, {"seller_id": "lou"}) == {"seller:sel_1", "offers-of:sel_1"}
    assert tags_of("seller", {"items": []}, {}) == {"sellers"}
    assert tags_of("reviews", {"items": []}, {"product_id": "prd_1"}) == {"reviews:prd_1"}


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("/v1/sellers/sel_1/products/prd_2/images", {"product:prd_2"}),
        ("/v1/sellers/sel_1", {"seller:sel_1"}),
        ("/v1/sellers/sel_1/orders/sub_3/shipments", set()),
        ("/v1/cart/lines/off_4", set()),
    ],
)
def test_a_write_names_the_product_or_shop_that_it_is_about(path: str, tags: set[str]) -> None:
    assert written_at(path) == tags


async def test_who_has_written_reads_the_new_state_as_soon_as_the_answer_arrives() -> None:
    found = store()
    found.put(b"page", entry("product:prd_2"), mark=found.mark())
    at_answer: list[Entry | None] = []

    class Writes:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            assert found.get(b"page") is not None, "until it is done the old state is the state"
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        at_answer.append(found.get(b"page"))

    writes: Any = Writes()
    path = "/v1/sellers/sel_1/products/prd_2/images"
    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    await Front(writes, found)(scope, None, send)  # type: ignore[arg-type]

    assert at_answer == [None]

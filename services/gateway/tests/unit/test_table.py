import pytest

from gateway.table.every import ROUTES, Match, Table
from gateway.table.route import Access, get

TABLE = Table()


def test_every_route_finds_itself() -> None:
    for route in ROUTES:
        path = route.path.replace("{", "").replace("}", "")
        found = TABLE.find(route.method, path.encode())
        assert isinstance(found, Match) and found.route == route, route.path


def test_fixed_segments_win_over_ids() -> None:
    found = TABLE.find("GET", b"/v1/orders/ord_1/events")

    assert isinstance(found, Match)
    assert (found.route.view, found.values) == ("order-events", {"order_id": "ord_1"})


def test_nothing_public_reaches_the_inside() -> None:
    assert TABLE.find("POST", b"/internal/tokens") is None
    assert TABLE.find("GET", b"/metrics") is None
    assert TABLE.find("GET", b"/v1/products/") is None
    assert TABLE.find("GET", b"//v1/products") is None


def test_cached_routes_never_depend_on_who_asks() -> None:
    assert {route.access for route in ROUTES if route.cache} == {Access.PUBLIC}


def test_money_routes_need_a_key_and_a_fresh_token() -> None:
    keyed = {route.path for route in ROUTES if route.keyed}

    assert keyed == {"/v1/checkouts", "/v1/orders/{order_id}/payment", "/v1/reviews"}
    assert all(route.fresh for route in ROUTES if route.path in keyed - {"/v1/reviews"})


def test_a_route_stands_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Table((get("/a/{x}", "order"), get("/a/{y}", "order")))

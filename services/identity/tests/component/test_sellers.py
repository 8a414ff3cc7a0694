"""Shops: made, opened, suspended, told to everybody, kept from strangers."""

from typing import Any

import pytest

from contracts.identity import SellerState
from identity.commands import republish
from testkit import operator

SHOP = {
    "handle": "miel-du-vercors", "name": "Miel du Vercors", "description": {"fr": "Miels de montagne", "en": "Mountain honey"},
    "town": "Die", "postal_code": "26150", "country": "FR", "latitude": "44.753611", "longitude": 5370000,
}  # fmt: skip


async def shop_of(world: Any, person: dict[str, Any], **change: Any) -> dict[str, Any]:
    answer = await world.call("POST", "/v1/sellers", {**SHOP, **change}, by=person["principal"])
    assert answer.status == 201, answer.body
    return dict(answer.json())


async def refreshed(world: Any, person: dict[str, Any]) -> Any:
    return await world.principal(person["session_token"])


async def states(world: Any) -> list[tuple[int, str]]:
    events = [event for event in await world.events() if isinstance(event.data, SellerState)]
    return [(event.sequence, event.data.status) for event in events if isinstance(event.data, SellerState)]


async def test_from_pending_to_open_told_as_full_states(world: Any) -> None:
    person = await world.person()
    shop = await shop_of(world, person)

    opened = await world.call("POST", f"/v1/operator/sellers/{shop['seller_id']}/open", by=operator())

    assert (shop["status"], opened.json()["status"], await states(world)) == (
        "pending",
        "open",
        [(1, "pending"), (2, "open")],
    )
    event = (await world.events())[-1]
    assert event.subject == shop["seller_id"]
    assert event.data.model_dump(exclude={"opened_at"}, mode="json") == {
        **SHOP, "seller_id": shop["seller_id"], "status": "open", "country": "fr", "latitude": 44753611,
    }  # fmt: skip
    assert event.data.opened_at is not None


async def test_the_maker_is_owner_within_the_next_token(world: Any) -> None:
    person = await world.person()
    shop = await shop_of(world, person)

    principal = await refreshed(world, person)
    me = (await world.call("GET", "/v1/me", by=principal)).json()

    assert (sorted(principal.roles), principal.memberships) == (["buyer", "seller-owner"], {shop["seller_id"]: "owner"})
    assert me["sellers"] == [{"seller_id": shop["seller_id"], "handle": "miel-du-vercors", "name": "Miel du Vercors",
                              "role": "owner", "status": "pending"}]  # fmt: skip


async def test_pending_shops_are_hidden_from_strangers_and_open_ones_listed(world: Any) -> None:
    person, stranger = await world.person(), await world.person()
    shop = await shop_of(world, person)
    path = f"/v1/sellers/{shop['seller_id']}"

    hidden = await world.call("GET", path, by=stranger["principal"])
    own = await world.call("GET", path, by=await refreshed(world, person))
    await world.call("POST", f"/v1/operator/sellers/{shop['seller_id']}/open", by=operator())
    listed = await world.call("GET", "/v1/sellers")
    by_handle = await world.call("GET", "/v1/sellers/miel-du-vercors")

    assert (hidden.status, own.status, own.json()["payout_status"]) == (404, 200, None)
    assert [item["handle"] for item in listed.json()["items"]] == ["miel-du-vercors"]
    assert "reason" not in by_handle.json() and "payout_status" not in by_handle.json()


async def test_only_owners_change_their_shop(world: Any) -> None:
    person, stranger = await world.person(), await world.person()
    shop = await shop_of(world, person)
    path = f"/v1/sellers/{shop['seller_id']}"

    foreign = await world.call("PATCH", path, {"name": "Taken over"}, by=stranger["principal"])
    changed = await world.call("PATCH", path, {"name": "Miels du Vercors"}, by=await refreshed(world, person))

    assert (foreign.status, changed.status, changed.json()["name"]) == (404, 200, "Miels du Vercors")
    assert changed.json()["town"] == "Die"
    assert await states(world) == [(1, "pending"), (2, "pending")]


@pytest.mark.parametrize("injected", [{"status": "open"}, {"seller_id": "sel_x"}, {"commission": 0}])
async def test_fields_that_are_not_the_sellers_to_set_are_refused(world: Any, injected: dict[str, Any]) -> None:
    person = await world.person()

    answer = await world.call("POST", "/v1/sellers", {**SHOP, **injected}, by=person["principal"])

    assert (answer.status, answer.json()["errors"][0]["code"]) == (422, "extra-forbidden")


async def test_a_handle_belongs_to_one_shop(world: Any) -> None:
    one, other = await world.person(), await world.person()
    await shop_of(world, one)

    answer = await world.call("POST", "/v1/sellers", SHOP, by=other["principal"])

    assert (answer.status, answer.json()["code"], len(await states(world))) == (409, "handle-taken", 1)


async def test_somebody_not_signed_in_makes_no_shop(world: Any) -> None:
    answer = await world.call("POST", "/v1/sellers", SHOP)

    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")


async def test_suspension_needs_a_reason_and_illegal_moves_are_conflicts(world: Any) -> None:
    person = await world.person()
    shop = await shop_of(world, person)
    base = f"/v1/operator/sellers/{shop['seller_id']}"

    without = await world.call("POST", f"{base}/suspend", {}, by=operator())
    suspended = await world.call("POST", f"{base}/suspend", {"reason": "Papers missing"}, by=operator())
    twice = await world.call("POST", f"{base}/suspend", {"reason": "Again"}, by=operator())
    closed = await world.call("POST", f"{base}/close", {"reason": "Asked for it"}, by=operator())
    reopened = await world.call("POST", f"{base}/open", by=operator())

    assert [a.status for a in (without, suspended, twice, closed, reopened)] == [422, 200, 409, 200, 409]
    assert (suspended.json()["reason"], reopened.json()["code"]) == ("Papers missing", "seller-transition-refused")
    assert await states(world) == [(1, "pending"), (2, "suspended"), (3, "closed")]


@pytest.mark.parametrize("path", ["open", "suspend", "close"])
async def test_sellers_do_not_move_themselves(world: Any, path: str) -> None:
    person = await world.person()
    shop = await shop_of(world, person)

    answer = await world.call(
        "POST", f"/v1/operator/sellers/{shop['seller_id']}/{path}", {"reason": "x"}, by=await refreshed(world, person)
    )

    assert (answer.status, answer.json()["code"]) == (403, "forbidden")


async def test_pages_follow_each_other(world: Any) -> None:
    person = await world.person()
    for number in range(3):
        await shop_of(world, person, handle=f"shop-{number}")
    first = (await world.call("GET", "/v1/operator/sellers?limit=2&status=pending", by=operator())).json()

    last = (await world.call("GET", f"/v1/operator/sellers?limit=2&cursor={first['next']}", by=operator())).json()

    handles = [item["handle"] for item in first["items"] + last["items"]]
    assert (handles, last["next"]) == (["shop-0", "shop-1", "shop-2"], None)


async def test_an_account_owns_at_most_five_shops(world: Any) -> None:
    person = await world.person()
    for number in range(5):
        await shop_of(world, person, handle=f"shop-{number}")

    answer = await world.call("POST", "/v1/sellers", {**SHOP, "handle": "shop-6"}, by=person["principal"])

    assert (answer.status, answer.json()["code"]) == (409, "too-many-sellers")


async def test_staff_join_now_or_when_they_verify_and_leave(world: Any) -> None:
    person, known = await world.person(), await world.person("known@example.org")
    shop = await shop_of(world, person)
    owner, path = await refreshed(world, person), f"/v1/sellers/{shop['seller_id']}/members"

    answers = [
        await world.call("POST", path, {"email": email}, by=owner) for email in ("known@example.org", "new@example.org")
    ]
    newcomer = await world.person("new@example.org")
    listed = (await world.call("GET", path, by=owner)).json()
    left = await world.call("DELETE", f"{path}/{known['account']['account_id']}", by=await refreshed(world, known))

    assert [(answer.status, answer.json()) for answer in answers] == [(202, {})] * 2
    assert sorted(item["role"] for item in listed["items"]) == ["owner", "staff", "staff"]
    assert (listed["invited"], left.status) == ([], 204)
    assert newcomer["principal"].memberships == {shop["seller_id"]: "staff"}
    assert "seller-staff" in newcomer["principal"].roles


async def test_staff_neither_change_the_shop_nor_its_members_and_the_last_owner_stays(world: Any) -> None:
    person, staff = await world.person(), await world.person("staff@example.org")
    shop = await shop_of(world, person)
    owner, path = await refreshed(world, person), f"/v1/sellers/{shop['seller_id']}"
    await world.call("POST", f"{path}/members", {"email": "staff@example.org"}, by=owner)
    helper = await refreshed(world, staff)

    change = await world.call("PATCH", path, {"name": "Mine now"}, by=helper)
    invite = await world.call("POST", f"{path}/members", {"email": "friend@example.org"}, by=helper)
    oust = await world.call("DELETE", f"{path}/members/{owner.subject}", by=helper)
    leave = await world.call("DELETE", f"{path}/members/{owner.subject}", by=owner)

    assert [answer.status for answer in (change, invite, oust, leave)] == [404, 404, 404, 409]
    assert leave.json()["code"] == "last-owner"


async def test_republishing_tells_every_state_again_as_a_replay(world: Any) -> None:
    person = await world.person()
    shop = await shop_of(world, person)
    await world.call("POST", f"/v1/operator/sellers/{shop['seller_id']}/open", by=operator())

    await republish(world.service, [])

    told = [event for event in await world.events() if isinstance(event.data, SellerState)]
    assert [(event.sequence, event.replay) for event in told] == [(1, False), (2, False), (2, True)]
    assert told[1].data == told[2].data


async def test_shops_are_read_by_their_ids_also_when_closed_since(world: Any) -> None:
    person = await world.person()
    pending = await shop_of(world, person)
    shop = await shop_of(world, person, handle="miel-de-die")
    await world.call("POST", f"/v1/operator/sellers/{shop['seller_id']}/open", by=operator())
    await world.call("POST", f"/v1/operator/sellers/{shop['seller_id']}/close", {"reason": "x"}, by=operator())

    answer = await world.call("GET", f"/v1/sellers?ids={pending['seller_id']},{shop['seller_id']},sel_unknown")

    assert answer.status == 200, answer.body
    assert [(item["seller_id"], item["status"]) for item in answer.json()["items"]] == [(shop["seller_id"], "closed")]


async def test_a_shop_asked_for_twice_with_one_key_is_made_once(world: Any) -> None:
    person = await world.person()
    first, second = [
        await world.call("POST", "/v1/sellers", SHOP, by=person["principal"], idempotency_key="one-shop-please")
        for _ in range(2)
    ]

    assert (first.status, second.status, first.body) == (201, 201, second.body), second.body
    assert second.headers["idempotent-replayed"] == "true" and len(await states(world)) == 1

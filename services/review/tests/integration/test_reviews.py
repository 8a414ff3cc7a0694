"""The right to review, the one review, the rating that follows."""

import asyncio
from datetime import UTC, datetime

import pytest

from chassis.db import Database
from contracts.logistics import ShipmentDelivered, ShippedLine
from contracts.review import RatingState, ReviewPublished
from review.consumers import subscriptions
from testkit import ApiClient, anonymous, buyer, deliver, emitted

pytestmark = pytest.mark.infra
SUBSCRIPTION = subscriptions()[0]
BODY = {"line_id": "lin_1", "rating": 4, "title": "Très bon", "text": "Le miel sent la montagne.", "locale": "fr"}


def delivered(
    shipment: str = "shp_1", line: str = "lin_1", buyer_id: str = "acc_buyer"
) -> tuple[ShipmentDelivered, str, int]:
    event = ShipmentDelivered(
        shipment_id=shipment,
        order_id="ord_1",
        seller_order_id="so_1",
        seller_id="sel_1",
        buyer_id=buyer_id,
        delivered_at=datetime(2026, 11, 1, tzinfo=UTC),
        lines=(ShippedLine(line_id=line, offer_id="off_1", product_id="prd_1", quantity=1),),
    )
    return event, shipment, 3


def key(value: str = "key-00000001") -> dict[str, str]:
    return {"Idempotency-Key": value}


async def test_a_delivered_line_is_reviewed_once_and_rates_product_and_seller(db: Database, api: ApiClient) -> None:
    await deliver(db, SUBSCRIPTION, [delivered()])
    me = api.acting_as(buyer())

    answer = await me.request("POST", "/v1/reviews", json=BODY, headers=key())

    assert answer.status == 201
    assert answer.json()["verified_purchase"] is True
    told = await emitted(db)
    assert [type(event.data) for event in told] == [ReviewPublished, RatingState, RatingState]
    states = {event.subject: event.data for event in told if isinstance(event.data, RatingState)}
    assert (states["prd_1"].count, states["prd_1"].total) == (1, 4)
    assert states["sel_1"].kind == "seller"
    assert "montagne" not in str(told)
    listed = (await api.acting_as(anonymous()).request("GET", "/v1/products/prd_1/reviews")).json()
    assert listed["rating"] == {"count": 1, "total": 4, "average_hundredths": 400, "histogram": [0, 0, 0, 1, 0]}
    assert listed["items"][0]["text"] == BODY["text"]
    assert (await me.request("GET", "/v1/me/reviewable")).json() == {"items": []}


async def test_a_repeated_request_gets_the_first_answer_and_a_second_review_is_refused(
    db: Database, api: ApiClient
) -> None:
    await deliver(db, SUBSCRIPTION, [delivered()])
    me = api.acting_as(buyer())
    first = await me.request("POST", "/v1/reviews", json=BODY, headers=key())

    again = await me.request("POST", "/v1/reviews", json=BODY, headers=key())
    other_body = await me.request("POST", "/v1/reviews", json={**BODY, "rating": 1}, headers=key())
    second = await me.request("POST", "/v1/reviews", json=BODY, headers=key("key-00000002"))

    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (201, first.body, "true")
    assert (other_body.status, other_body.json()["code"]) == (422, "idempotency-key-reused")
    assert (second.status, second.json()["code"]) == (409, "already-reviewed")
    assert len(await emitted(db)) == 3


async def test_twenty_tries_at_once_make_one_review(db: Database, api: ApiClient) -> None:
    await deliver(db, SUBSCRIPTION, [delivered()])
    me = api.acting_as(buyer())

    tries = [me.request("POST", "/v1/reviews", json=BODY, headers=key(f"key-{n:08}")) for n in range(20)]
    answers = await asyncio.gather(*tries)

    assert sorted(answer.status for answer in answers) == [201] + [409] * 19
    assert len(await emitted(db)) == 3


@pytest.mark.parametrize(
    ("caller", "status", "code"),
    [
        (buyer("acc_other"), 404, "nothing-to-review"),
        (anonymous(), 401, "unauthenticated"),
        (None, 401, "unauthenticated"),
    ],
)
async def test_only_the_buyer_of_the_line_may(db: Database, api: ApiClient, caller, status: int, code: str) -> None:  # type: ignore[no-untyped-def]
    await deliver(db, SUBSCRIPTION, [delivered()])

    answer = await api.acting_as(caller).request("POST", "/v1/reviews", json=BODY, headers=key())

    assert (answer.status, answer.json()["code"]) == (status, code)
    assert await emitted(db) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"rating": 0}, "/rating"),
        ({"rating": 6}, "/rating"),
        ({"rating": "5"}, "/rating"),
        ({"seller_id": "sel_9"}, "/seller_id"),
    ],
)
async def test_bad_input_names_the_field(api: ApiClient, change: dict[str, object], pointer: str) -> None:
    answer = await api.acting_as(buyer()).request("POST", "/v1/reviews", json={**BODY, **change}, headers=key())

    assert answer.status == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_pages_follow_each_other_without_gap(db: Database, api: ApiClient) -> None:
    for n in range(5):
        await deliver(db, SUBSCRIPTION, [delivered(f"shp_{n}", f"lin_{n}")])
        body = {**BODY, "line_id": f"lin_{n}"}
        await api.acting_as(buyer()).request("POST", "/v1/reviews", json=body, headers=key(f"key-{n:08}"))
    reader, seen, following = api.acting_as(anonymous()), [], ""

    while following is not None:
        path = f"/v1/products/prd_1/reviews?limit=2{following and '&cursor=' + following}"
        page = (await reader.request("GET", path)).json()
        seen += [item["review_id"] for item in page["items"]]
        following = page["next"]

    assert len(seen) == len(set(seen)) == 5
    assert (await reader.request("GET", "/v1/products/prd_1/reviews?cursor=nonsense")).status == 422

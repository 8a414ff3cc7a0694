"""Webhooks: proved by their signature, kept once, only ever a hint (payments.md 1.12; reliability.md 5.4)."""

import hashlib
import hmac
import time
from typing import Any

import orjson
import pytest

from testkit import eventually

SECRET = "whsec_for_tests"
NOTHING_STORED = "SELECT 1 FROM webhook_events"


def signed(body: bytes, *, secret: str = SECRET, age_seconds: int = 0) -> dict[str, str]:
    at = int(time.time()) - age_seconds
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={digest}"}


def event(kind: str = "payment_intent.succeeded", *, event_id: str = "evt_1", livemode: bool = False) -> bytes:
    about = {"id": "pi_unknown", "object": "payment_intent"}
    return orjson.dumps(
        {"id": event_id, "object": "event", "type": kind, "livemode": livemode, "data": {"object": about}}
    )


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (event(), {}),
        (event(), {"Stripe-Signature": "nonsense"}),
        (event(), signed(event(), secret="whsec_of_somebody_else")),
        (event(), signed(event(), secret="")),
        (event(), signed(event(), age_seconds=301)),
        (event(event_id="evt_2"), signed(event())),
        (event(livemode=True), signed(event(livemode=True))),
        (b"[]", signed(b"[]")),
        (b"not json", signed(b"not json")),
        (b"\xff\xfe", signed(b"\xff\xfe")),
        (b'{"object": "event"}', signed(b'{"object": "event"}')),
    ],
)
async def test_forged_old_or_foreign_is_refused_and_nothing_is_kept(
    rig: Any, body: bytes, headers: dict[str, str]
) -> None:
    answer = await rig.api.request("POST", "/webhooks/stripe", content=body, headers=headers)

    assert (answer.status, answer.json()["code"]) == (400, "webhook-refused")
    assert await rig.rows(NOTHING_STORED) == []


async def test_too_large_is_refused_while_it_arrives(rig: Any) -> None:
    body = b"x" * (512 * 1024 + 1)
    answer = await rig.api.request("POST", "/webhooks/stripe", content=body, headers=signed(body))

    assert (answer.status, await rig.rows(NOTHING_STORED)) == (413, [])


async def test_the_same_event_again_is_acknowledged_and_kept_once(rig: Any) -> None:
    body = event()
    answers = [await rig.api.request("POST", "/webhooks/stripe", content=body, headers=signed(body)) for _ in range(3)]

    assert [answer.status for answer in answers] == [204, 204, 204]
    assert len(await rig.rows(NOTHING_STORED)) == 1


@pytest.mark.parametrize("kind", ["invoice.paid", "charge.dispute.created", "customer.created"])
async def test_types_that_we_do_not_handle_are_acknowledged_and_ignored(rig: Any, kind: str) -> None:
    body = event(kind)
    answer = await rig.api.request("POST", "/webhooks/stripe", content=body, headers=signed(body))

    assert answer.status == 204
    assert [row["state"] for row in await rig.rows("SELECT state FROM webhook_events")] == ["ignored"]


async def test_objects_that_are_not_ours_are_ignored_without_asking(rig: Any) -> None:
    body = event()
    await rig.api.request("POST", "/webhooks/stripe", content=body, headers=signed(body))

    await eventually(lambda: _states(rig, {"ignored"}))


async def test_what_the_body_claims_is_not_believed(rig: Any, make: Any) -> None:
    """A signed event says that the payment succeeded; the provider, asked again, says otherwise."""
    order = make.order()
    await rig.tell(order.authorise("pm_card_threeDSecure2Required"))
    await rig.until(order.order_id, "PaymentActionRequired")
    (row,) = await rig.rows("SELECT intent_id FROM payments")
    claim = {"id": row["intent_id"], "object": "payment_intent", "status": "succeeded", "amount_received": 5690}
    body = orjson.dumps(
        {
            "id": "evt_9",
            "object": "event",
            "type": "payment_intent.succeeded",
            "livemode": False,
            "data": {"object": claim},
        }
    )

    await rig.api.request("POST", "/webhooks/stripe", content=body, headers=signed(body))
    await eventually(lambda: _states(rig, {"done"}, event_id="evt_9"))

    assert await rig.told_types(order.order_id) == ["PaymentActionRequired"]
    assert await rig.rows("SELECT 1 FROM ledger_transactions") == []


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "webhook_duplicate", "copies": 4},
        {"kind": "webhook_reorder", "seconds": 0.5},
        {"kind": "webhook_delay", "seconds": 0.7},
        {"kind": "webhook_drop"},
        {"kind": "webhook_bad_signature"},
        {"kind": "webhook_stale"},
    ],
)
async def test_however_webhooks_come_the_outcome_is_the_same(rig: Any, make: Any, rule: dict[str, Any]) -> None:
    await rig.standin.fault(**rule)
    order = make.order(("sel_a", 2490))

    await rig.paid(order)
    await eventually(lambda: _all_processed(rig))

    assert await rig.told_types(order.order_id) == ["PaymentAuthorised", "PaymentCaptured"]
    booked = await rig.rows("SELECT kind FROM ledger_transactions ORDER BY kind")
    assert [row["kind"] for row in booked] == ["captured", "fee-known"]


async def test_a_webhook_before_our_own_answer_changes_nothing(rig: Any, make: Any) -> None:
    """The event overtakes the answer to our own call: it waits for it (payments.md 6, case 2)."""
    order = make.order()
    await rig.standin.fault("delay", method="POST", path="/v1/payment_intents/*/confirm", seconds=1.0)

    await rig.tell(order.authorise("pm_standin_slow"))
    await rig.until(order.order_id, "PaymentAuthorised", seconds=30)
    await eventually(lambda: _all_processed(rig))

    assert await rig.told_types(order.order_id) == ["PaymentAuthorised"]


async def _states(rig: Any, states: set[str], *, event_id: str | None = None) -> bool:
    rows = await rig.rows(
        "SELECT state FROM webhook_events WHERE %s::text IS NULL OR event_id = %s", (event_id, event_id)
    )
    return {row["state"] for row in rows} == states


async def _all_processed(rig: Any) -> bool:
    waiting = await rig.rows("SELECT 1 FROM webhook_events WHERE state = 'pending'")
    listed = (await rig.standin.control("GET", "/deliveries"))["deliveries"]
    unsent = [delivery for delivery in listed if delivery["state"] == "waiting" and delivery["signing"] == "right"]
    return not waiting and not unsent

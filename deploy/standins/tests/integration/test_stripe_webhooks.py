"""Webhooks: signed over the raw bytes, retried, duplicated, delayed, and not lost by a kill."""

import pytest
import stripe

from standins.testing.process import RunningStandin
from standins.testing.receiver import Receiver
from standins.testing.sdk import CheckedStripe
from standins.testing.stripe_scenes import Scenes
from testkit import eventually

WEBHOOK_SECRET = "whsec_of_tests"
PAID = ["charge.succeeded", "payment_intent.succeeded"]


async def test_a_payment_is_reported_with_a_signature_that_the_sdk_accepts(
    scenes: Scenes, checked: CheckedStripe, receiver: Receiver
) -> None:
    paid = scenes.paid(metadata={"order_id": "1"})

    await eventually(lambda: sorted(receiver.types()) == PAID)

    for received in receiver.received:
        event = checked.client.construct_event(received.raw, received.headers["Stripe-Signature"], WEBHOOK_SECRET)
        assert event.livemode is False
        assert event.data.object.metadata["order_id"] == "1"
    with pytest.raises(stripe.SignatureVerificationError):
        checked.client.construct_event(received.raw + b" ", received.headers["Stripe-Signature"], WEBHOOK_SECRET)
    stored = checked.client.v1.events.list({"type": "payment_intent.succeeded"}).data
    assert [event.data.object.id for event in stored] == [paid.id]


async def test_an_event_is_sent_again_until_it_is_accepted(
    standin: RunningStandin, scenes: Scenes, checked: CheckedStripe, receiver: Receiver
) -> None:
    receiver.answers[:] = [500, 503, 500, 404]
    scenes.paid()

    await eventually(lambda: len(receiver.received) == 6)

    ids = {received.body["id"] for received in receiver.received}
    assert len(ids) == 2
    for received in receiver.received:
        checked.client.construct_event(received.raw, received.headers["Stripe-Signature"], WEBHOOK_SECRET)
    await eventually(lambda: _all_accepted(checked))
    deliveries = (await standin.control("GET", "/deliveries"))["deliveries"]
    assert sum(delivery["attempts"] for delivery in deliveries) == 6


def _all_accepted(checked: CheckedStripe) -> bool:
    return all(event.pending_webhooks == 0 for event in checked.client.v1.events.list().data)


@pytest.mark.parametrize(
    ("rule", "types"),
    [
        ({"kind": "webhook_duplicate", "copies": 3}, ["charge.succeeded", *["payment_intent.succeeded"] * 3]),
        ({"kind": "webhook_drop"}, ["charge.succeeded"]),
    ],
)
async def test_distorted_sending(
    standin: RunningStandin, scenes: Scenes, receiver: Receiver, rule: dict[str, object], types: list[str]
) -> None:
    await standin.control("POST", "/faults", rule | {"event_type": "payment_intent.*"})

    scenes.paid()

    await eventually(lambda: sorted(receiver.types()) == types)
    waiting = await standin.control("GET", "/deliveries?state=waiting")
    assert waiting["deliveries"] == []


async def test_what_was_not_delivered_can_be_asked_for(
    standin: RunningStandin, scenes: Scenes, checked: CheckedStripe, receiver: Receiver
) -> None:
    await standin.control("POST", "/faults", {"kind": "webhook_drop", "event_type": "charge.*"})
    scenes.paid()
    await eventually(lambda: receiver.types() == ["payment_intent.succeeded"])

    await eventually(lambda: _types(checked, delivery_success=False) == ["charge.succeeded"])

    assert _types(checked, types=PAID) == ["payment_intent.succeeded", "charge.succeeded"]
    assert "charge.succeeded" not in _types(checked, delivery_success=True)


def _types(checked: CheckedStripe, **params: object) -> list[str]:
    return [event.type for event in checked.client.v1.events.list(params).data]


async def test_a_delayed_event_is_overtaken(standin: RunningStandin, scenes: Scenes, receiver: Receiver) -> None:
    await standin.control(
        "POST", "/faults", {"kind": "webhook_delay", "seconds": 3600.0, "event_type": "charge.*", "times": 1}
    )
    scenes.paid()
    await eventually(lambda: receiver.types() == ["payment_intent.succeeded"])

    await standin.control("POST", "/clock", {"seconds": 3601})

    await eventually(lambda: receiver.types() == ["payment_intent.succeeded", "charge.succeeded"])


async def test_events_arrive_in_reverse_order(standin: RunningStandin, scenes: Scenes, receiver: Receiver) -> None:
    await standin.control("POST", "/faults", {"kind": "webhook_reorder", "seconds": 1.0, "times": 2})

    scenes.paid()

    await eventually(lambda: receiver.types() == ["payment_intent.succeeded", "charge.succeeded"])


@pytest.mark.parametrize("kind", ["webhook_bad_signature", "webhook_stale"])
async def test_a_bad_first_signature_is_followed_by_a_good_one(
    standin: RunningStandin, scenes: Scenes, checked: CheckedStripe, receiver: Receiver, kind: str
) -> None:
    await standin.control("POST", "/faults", {"kind": kind, "event_type": "payment_intent.succeeded", "times": 1})
    receiver.answers[:] = [400, 400]
    scenes.paid()

    await eventually(lambda: receiver.types().count("payment_intent.succeeded") == 2)

    first, second = (item for item in receiver.received if item.body["type"] == "payment_intent.succeeded")
    with pytest.raises(stripe.SignatureVerificationError):
        checked.client.construct_event(first.raw, first.headers["Stripe-Signature"], WEBHOOK_SECRET)
    assert checked.client.construct_event(second.raw, second.headers["Stripe-Signature"], WEBHOOK_SECRET).id


async def test_available_funds_are_reported_once(
    standin: RunningStandin, scenes: Scenes, checked: CheckedStripe, receiver: Receiver
) -> None:
    scenes.paid(1_000)
    scenes.paid(2_000)

    await standin.control("POST", "/clock", {"seconds": 3 * 86_400 + 61})

    await eventually(lambda: receiver.types().count("balance.available") >= 1)
    reported = [item.body["data"]["object"] for item in receiver.received if item.body["type"] == "balance.available"]
    assert len(reported) <= 2
    assert max(balance["available"][0]["amount"] for balance in reported) == 3_000 - 40 - 55
    assert checked.client.v1.balance.retrieve().pending[0].amount == 0


async def test_an_account_is_reported_to_both_worlds(
    scenes: Scenes, checked: CheckedStripe, receiver: Receiver
) -> None:
    seller = scenes.seller()

    await eventually(lambda: len(receiver.received) == 4)

    snapshots = [item for item in receiver.received if item.body["object"] == "event"]
    thin = [item for item in receiver.received if item.body["object"] == "v2.core.event"]
    assert [(item.body["type"], item.body["account"]) for item in snapshots] == [("account.updated", seller.id)]
    about_account = [item for item in thin if "related_object" in item.body]
    assert len(about_account) == 2
    for item in about_account:
        notification = checked.client.parse_event_notification(
            item.raw, item.headers["Stripe-Signature"], WEBHOOK_SECRET
        )
        assert notification.related_object.id == seller.id
        assert notification.fetch_related_object().id == seller.id
    assert "v2.core.account[configuration.recipient].capability_status_updated" in {item.body["type"] for item in thin}


async def test_a_killed_process_loses_nothing_that_it_acknowledged(
    standin: RunningStandin, scenes: Scenes, checked: CheckedStripe, receiver: Receiver
) -> None:
    receiver.answers[:] = [500] * 4
    intent = scenes.intent()
    params = {"payment_method": "pm_card_visa", "return_url": "http://localhost/"}
    paid = scenes.client.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": "c"})
    rule = {"kind": "delay", "path": "/v1/never", "seconds": 0.0}
    await standin.control("POST", "/faults", rule)

    await standin.kill()
    await standin.start()

    again = scenes.client.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": "c"})
    assert again.to_dict() == paid.to_dict()
    assert scenes.client.v1.balance.retrieve().pending[0].amount == 5_619
    assert len((await standin.control("GET", "/faults"))["faults"]) == 1
    await eventually(lambda: _all_accepted(checked))
    assert {received.body["type"] for received in receiver.received} == set(PAID)
    assert scenes.intent().id != intent.id

"""Payment intents through the real SDK: the status machine, declines, 3-D Secure, capture, cancel."""

from typing import Any

import pytest
import requests
import stripe

from standins.testing.process import RunningStandin
from standins.testing.sdk import CheckedStripe, error_of
from standins.testing.stripe_scenes import RETURN_URL, Scenes


def challenge(intent: Any, outcome: str) -> requests.Response:
    """Answer the 3-D Secure page as the browser would."""
    url = intent.next_action.redirect_to_url.url
    page, _, secret = url.partition("?secret=")
    page = page.replace("localhost", "127.0.0.1")
    with requests.post(page, data={"secret": secret, "outcome": outcome}, allow_redirects=False, timeout=10) as answer:
        return answer


def test_automatic_capture_succeeds_with_its_balance_transaction(scenes: Scenes) -> None:
    intent = scenes.intent(transfer_group="order_1", metadata={"order_id": "1"})

    paid = scenes.confirm(intent, expand=["latest_charge.balance_transaction"])

    assert intent.status == "requires_payment_method"
    assert (paid.status, paid.amount_received, paid.metadata["order_id"]) == ("succeeded", 5730, "1")
    entry = paid.latest_charge.balance_transaction
    assert (entry.amount, entry.fee, entry.net, entry.type, entry.status) == (5730, 111, 5619, "charge", "pending")
    assert paid.latest_charge.transfer_group == "order_1"


async def test_async_capture_knows_its_fee_later(standin: RunningStandin, scenes: Scenes) -> None:
    paid = scenes.paid(capture_method="automatic_async")
    before = scenes.client.v1.charges.retrieve(paid.latest_charge)

    await standin.control("POST", "/clock", {"seconds": 61})

    after = scenes.client.v1.charges.retrieve(paid.latest_charge)
    assert before.balance_transaction is None
    assert after.balance_transaction is not None
    assert "charge.updated" in {event.type for event in scenes.client.v1.events.list().data}


def test_manual_capture_of_a_part_moves_only_that_part(scenes: Scenes) -> None:
    authorised = scenes.paid(10_000, capture_method="manual")
    before = scenes.client.v1.balance.retrieve()

    captured = scenes.client.v1.payment_intents.capture(
        authorised.id, {"amount_to_capture": 6_000, "expand": ["latest_charge"]}
    )

    assert (authorised.status, authorised.amount_capturable) == ("requires_capture", 10_000)
    assert before.pending[0].amount == 0
    assert (captured.status, captured.amount_received, captured.amount_capturable) == ("succeeded", 6_000, 0)
    assert captured.latest_charge.amount_captured == 6_000
    assert scenes.client.v1.balance.retrieve().pending[0].amount == 6_000 - 115


@pytest.mark.parametrize("amount", [0, -1, 5_731])
def test_capture_beyond_the_authorisation_is_refused(scenes: Scenes, amount: int) -> None:
    authorised = scenes.paid(capture_method="manual")

    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.client.v1.payment_intents.capture(authorised.id, {"amount_to_capture": amount})

    assert refused.value.param == "amount_to_capture"


def test_cancelling_an_authorisation_moves_no_money(scenes: Scenes) -> None:
    authorised = scenes.paid(capture_method="manual")

    canceled = scenes.client.v1.payment_intents.cancel(authorised.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert scenes.client.v1.balance_transactions.list().data == []


async def test_an_authorisation_that_nobody_captures_expires(standin: RunningStandin, scenes: Scenes) -> None:
    authorised = scenes.paid(capture_method="manual")

    await standin.control("POST", "/clock", {"seconds": 7 * 86_400 + 1})

    expired = scenes.client.v1.payment_intents.retrieve(authorised.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert "charge.expired" in {event.type for event in scenes.client.v1.events.list().data}


@pytest.mark.parametrize("doing", ["confirm", "capture", "cancel"])
def test_final_intents_refuse_everything(scenes: Scenes, doing: str) -> None:
    paid = scenes.paid()
    params = {"return_url": RETURN_URL, "payment_method": "pm_card_visa"} if doing == "confirm" else {}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        getattr(scenes.client.v1.payment_intents, doing)(paid.id, params)

    assert refused.value.code == "payment_intent_unexpected_state"
    assert error_of(refused.value)["payment_intent"]["id"] == paid.id
    assert scenes.client.v1.payment_intents.retrieve(paid.id).status == "succeeded"


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
        ("pm_card_radarBlock", "card_declined", "fraudulent"),
    ],
)
def test_a_decline_leaves_the_intent_for_another_card(
    scenes: Scenes, card: str, code: str, decline_code: str | None
) -> None:
    intent = scenes.intent()

    with pytest.raises(stripe.CardError) as declined:
        scenes.confirm(intent, card)

    error = error_of(declined.value)
    assert (declined.value.http_status, error["code"], error.get("decline_code")) == (402, code, decline_code)
    waiting = scenes.client.v1.payment_intents.retrieve(intent.id)
    assert (waiting.status, waiting.last_payment_error.code) == ("requires_payment_method", code)
    failed = scenes.client.v1.charges.retrieve(error["charge"])
    assert (failed.status, failed.paid, failed.failure_code) == ("failed", False, code)

    assert scenes.confirm(intent).status == "succeeded"
    assert len(scenes.client.v1.charges.list({"payment_intent": intent.id}).data) == 2
    assert len(scenes.client.v1.balance_transactions.list().data) == 1


def test_three_d_secure_completed_on_the_page_pays(scenes: Scenes) -> None:
    waiting = scenes.paid(card="pm_card_authenticationRequired")

    answer = challenge(waiting, "complete")

    assert (waiting.status, waiting.next_action.type) == ("requires_action", "redirect_to_url")
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert location.startswith(RETURN_URL)
    assert f"payment_intent={waiting.id}" in location
    assert "redirect_status=succeeded" in location
    assert scenes.client.v1.payment_intents.retrieve(waiting.id).status == "succeeded"


def test_three_d_secure_failed_on_the_page_asks_for_another_card(scenes: Scenes) -> None:
    waiting = scenes.paid(card="pm_card_threeDSecure2Required")

    answer = challenge(waiting, "fail")

    assert "redirect_status=failed" in answer.headers["location"]
    failed = scenes.client.v1.payment_intents.retrieve(waiting.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert scenes.confirm(waiting).status == "succeeded"


def test_three_d_secure_twice_charges_once(scenes: Scenes) -> None:
    waiting = scenes.paid(card="pm_standin_3ds")
    challenge(waiting, "complete")

    again = challenge(waiting, "complete")

    assert again.status_code == 404
    assert len(scenes.client.v1.charges.list({"payment_intent": waiting.id}).data) == 1


def test_three_d_secure_needs_the_secret_of_the_intent(standin: RunningStandin, scenes: Scenes) -> None:
    waiting = scenes.paid(card="pm_standin_3ds")

    page = f"{standin.url}/3ds/{waiting.id}"
    with requests.post(page, data={"secret": "guess", "outcome": "complete"}, timeout=10) as answer:
        assert answer.status_code == 404

    assert scenes.client.v1.payment_intents.retrieve(waiting.id).status == "requires_action"


def test_three_d_secure_then_declined(scenes: Scenes) -> None:
    waiting = scenes.paid(card="pm_card_authenticationRequiredChargeDeclinedInsufficientFunds")

    answer = challenge(waiting, "complete")

    assert "redirect_status=failed" in answer.headers["location"]
    assert scenes.client.v1.payment_intents.retrieve(waiting.id).last_payment_error.decline_code == "insufficient_funds"


def test_off_session_needs_a_card_that_is_set_up(scenes: Scenes) -> None:
    intent = scenes.intent()
    with pytest.raises(stripe.CardError) as declined:
        scenes.confirm(intent, "pm_card_authenticationRequired", off_session=True)

    paid = scenes.confirm(intent, "pm_card_authenticationRequiredSetupForOffSession", off_session=True)

    assert declined.value.code == "authentication_required"
    assert paid.status == "succeeded"


async def test_control_answers_a_challenge_without_a_browser(standin: RunningStandin, scenes: Scenes) -> None:
    waiting = scenes.paid(card="pm_standin_3ds")

    answer = await standin.control("POST", f"/payment_intents/{waiting.id}/authenticate", {"outcome": "complete"})

    assert answer == {"id": waiting.id, "status": "succeeded"}


def test_amount_changes_before_confirmation_only(scenes: Scenes) -> None:
    intent = scenes.intent(5_000)
    updated = scenes.client.v1.payment_intents.update(intent.id, {"amount": 6_000, "metadata": {"order_id": "2"}})
    scenes.confirm(intent)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.client.v1.payment_intents.update(intent.id, {"amount": 7_000})

    assert (updated.amount, updated.metadata["order_id"]) == (6_000, "2")
    assert refused.value.code == "payment_intent_unexpected_state"
    described = scenes.client.v1.payment_intents.update(intent.id, {"metadata": {"order_id": ""}})
    assert described.metadata.to_dict() == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, "parameter_invalid_integer"),
        ({"amount": 49}, "amount_too_small"),
        ({"amount": 10**9}, "amount_too_large"),
        ({"amount": "ten"}, "parameter_invalid_integer"),
        ({"colour": "blue"}, "parameter_unknown"),
        ({"shipping": {"colour": "blue", "name": "x", "address": {}}}, "parameter_unknown"),
        ({"capture_method": "later"}, None),
        ({"customer": "cus_none"}, "resource_missing"),
        ({"payment_method": "pm_none"}, "resource_missing"),
        ({"transfer_data": {"destination": "acct_x"}}, "standin_not_built"),
        ({"payment_method": "pm_card_createDispute"}, "standin_not_built"),
    ],
)
def test_wrong_parameters_are_refused_by_name(scenes: Scenes, change: dict[str, Any], code: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.intent(**change)

    assert (refused.value.http_status, refused.value.code) == (400, code)
    assert refused.value.param is not None
    assert scenes.client.v1.payment_intents.list().data == []


def test_a_missing_parameter_is_named(checked: CheckedStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        checked.client.v1.payment_intents.create({"amount": 500})

    assert (refused.value.code, refused.value.param) == ("parameter_missing", "currency")


def test_confirming_needs_a_return_url_when_redirects_are_possible(scenes: Scenes) -> None:
    intent = scenes.intent()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert refused.value.param == "return_url"


def test_a_saved_card_is_attached_and_used_again(scenes: Scenes) -> None:
    customer = scenes.client.v1.customers.create({"email": "camille@exemple.fr"})
    scenes.paid(customer=customer.id, setup_future_usage="off_session")

    saved = scenes.client.v1.customers.payment_methods.list(customer.id).data

    assert [method.card.last4 for method in saved] == ["4242"]
    assert scenes.paid(customer=customer.id, card=saved[0].id).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError):
        scenes.paid(card=saved[0].id)


def test_a_card_used_without_a_customer_is_used_up(scenes: Scenes) -> None:
    method = scenes.client.v1.payment_methods.create(
        {"type": "card", "card": {"number": "4242424242424242", "exp_month": 4, "exp_year": 2035, "cvc": "123"}}
    )
    scenes.paid(card=method.id)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.paid(card=method.id)

    assert refused.value.code == "payment_method_unexpected_state"


@pytest.mark.parametrize("number", ["4242424242424241", "4111111111111111"])
def test_only_test_cards_exist(checked: CheckedStripe, number: str) -> None:
    with pytest.raises(stripe.CardError):
        checked.client.v1.payment_methods.create(
            {"type": "card", "card": {"number": number, "exp_month": 4, "exp_year": 2035}}
        )

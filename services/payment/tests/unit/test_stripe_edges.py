"""Stripe's side of the adapter without Stripe: modes, frozen requests, and what errors mean."""

from typing import Any

import pytest
import stripe

from edge.errors import Unavailable
from payment.adapters import stripe_facts, stripe_requests
from payment.adapters.stripe_outcomes import failed_read, outcome_of
from payment.adapters.stripe_provider import WrongMode, require_matching_mode
from payment.adapters.stripe_webhooks import StripeWebhooks
from payment.domain.facts import IntentStatus, KeyMismatch, NotExecuted, PayoutStatus, Refused, Unclear
from payment.ports import CreateTransfer

STANDIN = "http://127.0.0.1:8631"


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("sk_live_1", STANDIN),
        ("rk_live_1", STANDIN),
        ("sk_test_standin_1", ""),
        ("pk_test_1", ""),
        ("", STANDIN),
    ],
)
def test_key_and_address_of_different_worlds_stop_the_start(key: str, address: str) -> None:
    with pytest.raises(WrongMode):
        require_matching_mode(key, address)


@pytest.mark.parametrize(("key", "address"), [("sk_live_1", ""), ("sk_test_1", ""), ("sk_test_1", STANDIN)])
def test_key_and_address_of_one_world_are_fine(key: str, address: str) -> None:
    require_matching_mode(key, address)


def test_without_a_secret_the_webhook_endpoint_is_off() -> None:
    assert not StripeWebhooks(["", " "], is_live=False).is_configured


def test_the_same_call_is_frozen_to_the_same_bytes() -> None:
    call = CreateTransfer("sor_1", "ord_1", "acct_1", charge_id="ch_1", amount=2581, currency="EUR")

    _, request = stripe_requests.freeze(call)

    assert stripe_requests.freeze(call)[1] == request
    target, params = stripe_requests.thaw(request)
    assert (target, params["amount"], params["currency"], params["source_transaction"]) == ("", 2581, "eur", "ch_1")
    assert params["metadata"] == {"seller_order_id": "sor_1", "order_id": "ord_1"}
    assert not {"application_fee_amount", "transfer_data", "on_behalf_of"} & params.keys()


def api_error(status: int | None, **headers: str) -> stripe.APIError:
    return stripe.APIError("boom", http_status=status, headers=headers)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError(), Unclear("TimeoutError")),
        (stripe.APIConnectionError("cut"), Unclear("APIConnectionError")),
        (api_error(500), Unclear("APIError 500")),
        (api_error(500, **{"Idempotent-Replayed": "true"}), Unclear("APIError 500", is_final=True)),
        (api_error(200), Unclear("APIError 200")),
        (api_error(409), NotExecuted("the same call is still running")),
        (stripe.RateLimitError("slow down", http_status=429), NotExecuted("too many requests")),
        (stripe.AuthenticationError("who", http_status=401), NotExecuted("our key is not accepted (401)")),
        (stripe.IdempotencyError("other", http_status=400), KeyMismatch("idempotencyerror")),
        (
            stripe.InvalidRequestError("bad", "amount", code="amount_too_small", http_status=400),
            Refused("amount_too_small"),
        ),
    ],
)
def test_only_what_is_definite_counts_as_refused(error: Exception, expected: Any) -> None:
    assert outcome_of(error) == expected


def test_a_decline_carries_the_banks_word_and_the_intent() -> None:
    intent = {"id": "pi_1", "status": "requires_payment_method", "amount": 5, "metadata": {}}
    body = {"error": {"code": "card_declined", "decline_code": "insufficient_funds", "payment_intent": intent}}
    error = stripe.CardError("no", None, "card_declined", http_status=402, json_body=body)

    refused = outcome_of(error)

    assert isinstance(refused, Refused)
    assert refused.reason == "insufficient_funds"
    assert refused.answer == stripe_facts.intent(intent)


def test_a_bug_of_ours_is_not_taken_for_an_outcome() -> None:
    with pytest.raises(KeyError):
        outcome_of(KeyError("ours"))


def test_a_read_that_fails_says_whether_to_come_back() -> None:
    assert isinstance(failed_read(api_error(503)), Unavailable)
    assert isinstance(failed_read(stripe.InvalidRequestError("none", "id", http_status=404)), LookupError)


def account(transfers: str | None, payouts: str = "restricted", **more: Any) -> dict[str, Any]:
    balance = {"stripe_transfers": {"status": transfers}, "payouts": {"status": payouts}}
    parts = {"recipient": {"capabilities": {"stripe_balance": balance}}}
    return {"id": "acct_1", "metadata": {"seller_id": "sel_1"}, "configuration": parts, **more}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (account("active", "active"), PayoutStatus.ACTIVE),
        (account("active"), PayoutStatus.TRANSFERS_ONLY),
        (account("pending"), PayoutStatus.PENDING),
        (account("restricted"), PayoutStatus.ONBOARDING),
        (account("unsupported"), PayoutStatus.REJECTED),
        (account(None), PayoutStatus.ONBOARDING),
        (account("active", "active", closed=True), PayoutStatus.CLOSED),
        ({"id": "acct_1", "configuration": None}, PayoutStatus.ONBOARDING),
    ],
)
def test_where_a_seller_stands(body: dict[str, Any], status: PayoutStatus) -> None:
    assert stripe_facts.account(body).status is status


def test_an_intent_with_its_charge_and_fee() -> None:
    movement = {
        "id": "txn_1",
        "currency": "eur",
        "fee": 111,
        "net": 5619,
        "available_on": 1_800_000_000,
        "status": "pending",
    }
    charge = {"id": "ch_1", "balance_transaction": movement}
    body = {
        "id": "pi_1",
        "status": "succeeded",
        "amount": 5730,
        "metadata": {"order_id": "ord_1"},
        "latest_charge": charge,
    }

    found = stripe_facts.intent(body)

    assert (found.status, found.order_id, found.charge_id) == (IntentStatus.SUCCEEDED, "ord_1", "ch_1")
    assert found.movement is not None
    assert (found.movement.fee, found.movement.net, found.movement.is_available) == (111, 5619, False)

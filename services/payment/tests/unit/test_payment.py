"""The payment's state machine: every state against everything the provider can say, and the one next step."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payment import PaymentAuthorised, PaymentCaptured, PaymentDeclined, PaymentVoided
from payment.domain.facts import Intent, IntentStatus
from payment.domain.payment import (
    CLOSED,
    OPEN,
    Payment,
    State,
    Step,
    begin_attempt,
    next_step,
    outcome_of_attempt,
    outcome_of_cancel,
    outcome_of_capture,
    reflect,
)


def a_payment(state: State = State.INITIATED, **facts: object) -> Payment:
    base: dict[str, object] = {"attempt": 1, "tried_attempt": 1, "told_attempt": -1, "intent_id": "pi_1"} | facts
    return Payment(
        order_id="ord_1", payment_id="pay_1", buyer_id="acc_1", currency="EUR", amount=5730, state=state,
        payment_method="pm_1", **base,  # type: ignore[arg-type]
    )  # fmt: skip


def intent(status: IntentStatus, **more: object) -> Intent:
    return Intent("pi_1", status, "ord_1", 5730, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        (a_payment(tried_attempt=-1, intent_id=None), Step.CREATE_INTENT),
        (a_payment(tried_attempt=-1), Step.CONFIRM_INTENT),
        (a_payment(), None),
        (a_payment(State.FAILED), None),
        (a_payment(State.FAILED, attempt=2), Step.CONFIRM_INTENT),
        (a_payment(State.ACTION_REQUIRED, attempt=2), Step.CONFIRM_INTENT),
        (a_payment(State.PROCESSING, attempt=2), None),
        (a_payment(State.AUTHORISED), None),
        (a_payment(State.AUTHORISED, is_capture_asked=True), Step.CAPTURE_INTENT),
        (a_payment(State.AUTHORISED, is_capture_asked=True, is_cancel_asked=True), Step.CANCEL_INTENT),
        (a_payment(State.PAID), None),
        (a_payment(State.PAID, is_cancel_asked=True), Step.REFUND),
        (a_payment(State.PAID, is_cancel_asked=True, is_refund_pending=True), None),
        (a_payment(is_cancel_asked=True), Step.CANCEL_INTENT),
        (a_payment(is_cancel_asked=True, intent_id=None), Step.VOID),
        (a_payment(State.VOIDED, is_cancel_asked=True), None),
        (a_payment(State.REFUNDED, is_cancel_asked=True), None),
    ],
)
def test_the_one_next_step(payment: Payment, expected: Step | None) -> None:
    assert next_step(payment) is expected
    payment.has_open_operation = True
    assert next_step(payment) is None
    payment.has_open_operation = False


@pytest.mark.parametrize(("state", "status"), list(product(State, IntentStatus)))
def test_what_the_provider_says_is_told_once_whatever_the_state(state: State, status: IntentStatus) -> None:
    payment = a_payment(state, told_attempt=1 if state in (State.FAILED, State.ACTION_REQUIRED) else -1)

    first = reflect(payment, intent(status))
    after = (payment.state, payment.told_attempt)
    second = reflect(payment, intent(status))

    assert second == ()
    assert (payment.state, payment.told_attempt) == after
    assert len(first) <= 1


@given(statuses=st.lists(st.sampled_from(IntentStatus), max_size=12))
def test_in_any_order_money_is_taken_at_most_once_and_paid_never_goes_back(statuses: list[IntentStatus]) -> None:
    payment = a_payment()

    told = [event for status in statuses for event in reflect(payment, intent(status))]

    kinds = [type(event) for event in told]
    assert kinds.count(PaymentCaptured) <= 1
    assert kinds.count(PaymentAuthorised) <= 1
    if IntentStatus.SUCCEEDED in statuses:
        assert payment.state is State.PAID


def test_money_that_came_after_the_end_still_counts() -> None:
    payment = a_payment(State.EXPIRED, is_cancel_asked=True)

    (told,) = reflect(payment, intent(IntentStatus.SUCCEEDED))

    assert isinstance(told, PaymentCaptured)
    assert next_step(payment) is Step.REFUND


def test_a_stale_decline_does_not_touch_the_next_card() -> None:
    payment = a_payment(State.FAILED, told_attempt=1, attempt=2)
    begin_attempt(payment)

    assert reflect(payment, intent(IntentStatus.REQUIRES_PAYMENT_METHOD, decline_reason="card_declined")) == ()
    assert payment.state is State.INITIATED


def test_a_failed_challenge_is_a_decline_with_the_providers_reason() -> None:
    payment = a_payment(State.ACTION_REQUIRED, told_attempt=1, redirect_url="https://bank.example")

    (told,) = reflect(payment, intent(IntentStatus.REQUIRES_PAYMENT_METHOD, decline_reason="insufficient_funds"))

    assert isinstance(told, PaymentDeclined)
    assert (told.attempt, told.reason, payment.redirect_url) == (1, "insufficient_funds", None)


@pytest.mark.parametrize("state", list(State))
def test_each_repeated_command_has_an_answer_once_the_matter_is_decided(state: State) -> None:
    payment = a_payment(state, told_attempt=1)

    repeated = outcome_of_attempt(payment, 1)

    assert (repeated is None) == (state in (State.INITIATED, State.PROCESSING))
    assert (outcome_of_cancel(payment) is None) == (state not in (*CLOSED, State.REFUNDED))
    assert (outcome_of_capture(payment) is None) == (state is State.AUTHORISED)


def test_an_older_attempt_is_not_repeated_while_a_newer_one_runs() -> None:
    assert outcome_of_attempt(a_payment(State.FAILED, attempt=2, told_attempt=1, tried_attempt=2), 2) is None


def test_a_cancelled_intent_ends_what_was_open() -> None:
    for state in (*OPEN, State.AUTHORISED):
        payment = a_payment(state)
        (told,) = reflect(payment, intent(IntentStatus.CANCELED))
        assert isinstance(told, PaymentVoided)
        assert payment.state in CLOSED

"""Idempotency keys, headers, keys, errors and lists, as payments.md 4.5 and 5.2.10-12 describe them."""

import asyncio
from typing import Any

import aiohttp
import pytest
import requests
import stripe

from standins.testing.process import RunningStandin
from standins.testing.sdk import CheckedStripe, error_of
from standins.testing.stripe_scenes import RETURN_URL, Scenes
from testkit import eventually

INTENT = {"amount": 1_000, "currency": "eur", "capture_method": "automatic"}


def keyed(key: str) -> dict[str, str]:
    return {"idempotency_key": key}


def headers_of(checked: CheckedStripe) -> dict[str, str]:
    return {name.lower(): value for name, value in checked.http.answers[-1][1].items()}


def test_the_same_key_replays_the_same_answer(checked: CheckedStripe) -> None:
    create = checked.client.v1.payment_intents.create
    first = create(INTENT, keyed("k"))
    first_headers = headers_of(checked)

    again = create(dict(reversed(INTENT.items())), keyed("k"))

    assert again.to_dict() == first.to_dict()
    assert "idempotent-replayed" not in first_headers
    assert headers_of(checked)["idempotent-replayed"] == "true"
    assert headers_of(checked)["original-request"] == first_headers["request-id"]
    assert len(checked.client.v1.payment_intents.list().data) == 1


def test_other_parameters_under_the_key_are_refused(checked: CheckedStripe) -> None:
    checked.client.v1.payment_intents.create(INTENT, keyed("k"))

    with pytest.raises(stripe.IdempotencyError) as refused:
        checked.client.v1.payment_intents.create(INTENT | {"amount": 2_000}, keyed("k"))
    with pytest.raises(stripe.IdempotencyError):
        checked.client.v1.customers.create({"email": "a@exemple.fr"}, keyed("k"))

    assert refused.value.http_status == 400
    assert len(checked.client.v1.payment_intents.list().data) == 1


def test_keys_belong_to_an_account(scenes: Scenes, checked: CheckedStripe) -> None:
    seller = scenes.seller()
    checked.client.v1.customers.create({"email": "a@exemple.fr"}, keyed("k"))

    other = checked.client.v1.customers.create({"email": "b@exemple.fr"}, keyed("k") | {"stripe_account": seller.id})

    assert other.email == "b@exemple.fr"
    assert [customer.email for customer in checked.client.v1.customers.list().data] == ["a@exemple.fr"]


async def test_keys_are_forgotten_after_a_day(standin: RunningStandin, checked: CheckedStripe) -> None:
    first = checked.client.v1.payment_intents.create(INTENT, keyed("k"))

    await standin.control("POST", "/clock", {"seconds": 86_401})

    assert checked.client.v1.payment_intents.create(INTENT, keyed("k")).id != first.id


def test_a_decline_is_replayed(scenes: Scenes) -> None:
    intent = scenes.intent()
    params = {"payment_method": "pm_card_visa_chargeDeclined", "return_url": RETURN_URL}

    for _ in range(2):
        with pytest.raises(stripe.CardError):
            scenes.client.v1.payment_intents.confirm(intent.id, params, keyed("c"))

    assert len(scenes.client.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_refusals_while_executing_are_replayed_but_validation_is_not(scenes: Scenes, checked: CheckedStripe) -> None:
    seller = scenes.seller()
    transfer = {"amount": 500, "currency": "eur", "destination": seller.id}
    with pytest.raises(stripe.InvalidRequestError):
        checked.client.v1.transfers.create(transfer, keyed("t"))
    scenes.paid(10_000, "pm_card_bypassPending")

    with pytest.raises(stripe.InvalidRequestError) as replayed:
        checked.client.v1.transfers.create(transfer, keyed("t"))
    with pytest.raises(stripe.InvalidRequestError):
        checked.client.v1.payment_intents.create(INTENT | {"colour": "blue"}, keyed("v"))

    assert replayed.value.code == "balance_insufficient"
    assert checked.client.v1.transfers.create(transfer, keyed("t2")).amount == 500
    assert checked.client.v1.payment_intents.create(INTENT, keyed("v")).amount == 1_000


async def test_the_key_is_taken_while_the_first_request_runs(standin: RunningStandin, scenes: Scenes) -> None:
    intent = scenes.intent()
    params = {"payment_method": "pm_standin_slow", "return_url": RETURN_URL}
    confirm = scenes.client.v1.payment_intents.confirm
    first = asyncio.create_task(asyncio.to_thread(confirm, intent.id, params, keyed("c")))

    async def second() -> Any:
        other = CheckedStripe(standin.url)
        try:
            return await asyncio.to_thread(other.client.v1.payment_intents.confirm, intent.id, params, keyed("c"))
        finally:
            other.close()

    # The slow card is charged at once and answered three seconds later: in between, the first request is running.
    await eventually(lambda: scenes.client.v1.payment_intents.retrieve(intent.id).status == "succeeded")
    with pytest.raises(stripe.StripeError) as conflict:
        await second()

    assert conflict.value.http_status == 409
    assert error_of(conflict.value)["code"] == "idempotency_key_in_use"
    assert (await first).status == "succeeded"
    assert (await second()).status == "succeeded"
    assert len(scenes.client.v1.charges.list({"payment_intent": intent.id}).data) == 1


@pytest.mark.parametrize("card", ["pm_standin_cut_after_success", "pm_standin_timeout_after_success"])
def test_an_answer_lost_after_success_is_found_by_the_same_key(
    standin: RunningStandin, scenes: Scenes, card: str
) -> None:
    intent = scenes.intent()
    params = {"payment_method": card, "return_url": RETURN_URL}
    impatient = CheckedStripe(standin.url, timeout=1.0)
    try:
        with pytest.raises(stripe.APIConnectionError):
            impatient.client.v1.payment_intents.confirm(intent.id, params, keyed("c"))
    finally:
        impatient.close()

    assert scenes.client.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert scenes.client.v1.payment_intents.confirm(intent.id, params, keyed("c")).status == "succeeded"
    assert len(scenes.client.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_the_sdk_finds_a_lost_answer_by_its_own_retries(standin: RunningStandin, scenes: Scenes) -> None:
    intent = scenes.intent()
    retrying = CheckedStripe(standin.url, retries=2)
    try:
        paid = retrying.client.v1.payment_intents.confirm(
            intent.id, {"payment_method": "pm_standin_cut_after_success", "return_url": RETURN_URL}, keyed("c")
        )
    finally:
        retrying.close()

    assert paid.status == "succeeded"
    assert len(scenes.client.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_a_500_after_success_stays_a_500_and_only_a_lookup_tells(scenes: Scenes) -> None:
    intent = scenes.intent()
    params = {"payment_method": "pm_standin_error_after_success", "return_url": RETURN_URL}

    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            scenes.client.v1.payment_intents.confirm(intent.id, params, keyed("c"))
        assert failed.value.http_status == 500

    assert scenes.client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize(
    ("kind", "status", "is_done"),
    [("error_before", 500, False), ("error_after", 500, True), ("rate_limit", 429, False), ("conflict", 409, False)],
)
async def test_injected_answers(
    standin: RunningStandin, checked: CheckedStripe, kind: str, status: int, is_done: bool
) -> None:
    await standin.control("POST", "/faults", {"kind": kind, "method": "POST", "path": "/v1/customers", "times": 1})

    with pytest.raises(stripe.StripeError) as failed:
        checked.client.v1.customers.create({"email": "a@exemple.fr"}, keyed("k"))

    assert failed.value.http_status == status
    assert len(checked.client.v1.customers.list().data) == int(is_done)
    rules = await standin.control("GET", "/faults")
    assert [(rule["seen"], rule["applied"]) for rule in rules["faults"]] == [(1, 1)]


@pytest.mark.parametrize(("kind", "is_done"), [("cut_before", False), ("cut_after", True), ("malformed", True)])
async def test_injected_losses(standin: RunningStandin, checked: CheckedStripe, kind: str, is_done: bool) -> None:
    await standin.control("POST", "/faults", {"kind": kind, "path": "/v1/customers", "skip": 1, "times": 1})
    checked.client.v1.customers.create({"email": "a@exemple.fr"})
    checked.http.found.clear()

    with pytest.raises((stripe.StripeError, ValueError)):
        checked.client.v1.customers.create({"email": "b@exemple.fr"})

    await standin.control("DELETE", "/faults")
    assert len(checked.client.v1.customers.list().data) == 1 + int(is_done)


@pytest.mark.parametrize(
    "rule", [{"kind": "explode"}, {"kind": "delay", "colour": "blue"}, {"kind": "delay", "skip": "1"}]
)
async def test_a_rule_that_means_nothing_is_refused(standin: RunningStandin, rule: dict[str, str]) -> None:
    with pytest.raises(aiohttp.ClientResponseError) as refused:
        await standin.control("POST", "/faults", rule)

    assert refused.value.status == 400
    assert (await standin.control("GET", "/faults"))["faults"] == []


def test_control_needs_its_token(standin: RunningStandin) -> None:
    for headers in ({}, {"Authorization": "Bearer sk_test_standin"}):
        with requests.get(f"{standin.url}/_control/book", headers=headers, timeout=10) as answer:
            assert answer.status_code == 401


@pytest.mark.parametrize("key", ["sk_live_123", "rk_live_123", "pk_live_123", "nonsense", "pk_test_1"])
def test_only_secret_test_keys_may_create(standin: RunningStandin, key: str) -> None:
    sdk = CheckedStripe(standin.url, key=key)

    with pytest.raises(stripe.AuthenticationError) as refused:
        sdk.client.v1.customers.create({"email": "a@exemple.fr"})

    sdk.close()
    assert ("stand-in, not Stripe" in str(refused.value)) == ("_live_" in key)


def test_a_publishable_key_confirms_its_intent_only(standin: RunningStandin, scenes: Scenes) -> None:
    intent, other = scenes.intent(), scenes.intent()
    browser = CheckedStripe(standin.url, key="pk_test_1")
    params = {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
    try:
        paid = browser.client.v1.payment_intents.confirm(intent.id, params | {"client_secret": intent.client_secret})
        with pytest.raises(stripe.StripeError):
            browser.client.v1.payment_intents.confirm(other.id, params | {"client_secret": intent.client_secret})
        with pytest.raises(stripe.AuthenticationError):
            browser.client.v1.payment_intents.retrieve(other.id)
    finally:
        browser.close()

    assert paid.status == "succeeded"
    assert scenes.client.v1.payment_intents.retrieve(other.id).status == "requires_payment_method"


def test_unknown_urls_are_never_a_success(standin: RunningStandin) -> None:
    for path in ("/v1/subscriptions", "/v1/payment_intents/pi_1/explode", "/v2/core/nothing"):
        with requests.post(f"{standin.url}{path}", headers={"Authorization": "Bearer sk_test_1"}, timeout=10) as answer:
            assert answer.status_code == 404
            assert answer.json()["error"]["message"].startswith("Unrecognized request URL")


def test_unknown_ids_and_accounts(checked: CheckedStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        checked.client.v1.payment_intents.retrieve("pi_none")
    with pytest.raises(stripe.PermissionError) as forbidden:
        checked.client.v1.balance.retrieve(options={"stripe_account": "acct_none"})

    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    assert forbidden.value.http_status == 403


def test_headers_of_every_answer(checked: CheckedStripe) -> None:
    checked.client.v1.customers.create({"email": "a@exemple.fr"}, keyed("k"))

    headers = headers_of(checked)

    assert headers["request-id"].startswith("req_")
    assert headers["stripe-version"] == "2026-10-28.endive"
    assert headers["idempotency-key"] == "k"
    assert headers["x-standin"] == "Stripe stand-in, not Stripe"


def test_lists_page_by_cursor_newest_first(checked: CheckedStripe) -> None:
    for number in range(5):
        checked.client.v1.customers.create({"email": f"{number}@exemple.fr"})

    first = checked.client.v1.customers.list({"limit": 2})
    second = checked.client.v1.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    back = checked.client.v1.customers.list({"limit": 2, "ending_before": second.data[-1].id})
    everybody = [customer.email for customer in first.auto_paging_iter()]

    assert [customer.email[0] for customer in first.data] == ["4", "3"]
    assert ([customer.email[0] for customer in second.data], second.has_more) == (["2", "1"], True)
    assert [customer.email[0] for customer in back.data] == ["3", "2"]
    assert everybody == [f"{number}@exemple.fr" for number in (4, 3, 2, 1, 0)]
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError):
            checked.client.v1.customers.list({"limit": limit})


def test_what_cannot_be_expanded_is_refused(scenes: Scenes) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.client.v1.payment_intents.retrieve(scenes.paid().id, {"expand": ["metadata.colour"]})

    assert refused.value.param == "expand"

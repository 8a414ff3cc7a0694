"""Accounts, transfers, reversals, refunds and the balance through the real SDK."""

import aiohttp
import pytest
import requests
import stripe

from standins.testing.process import RunningStandin
from standins.testing.stripe_scenes import RETURN_URL, Scenes


def test_a_cart_of_two_sellers_adds_up_to_the_cent(scenes: Scenes) -> None:
    first, second = scenes.seller(), scenes.seller()
    paid = scenes.paid(5730, transfer_group="order_1")
    for seller, amount in ((first, 2581), (second, 2870)):
        scenes.client.v1.transfers.create(
            {"amount": amount, "currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
        )

    platform = scenes.client.v1.balance.retrieve()
    own = scenes.client.v1.balance.retrieve(options={"stripe_account": first.id})

    assert platform.pending[0].amount == 5730 - 111 - 2581 - 2870
    assert own.pending[0].amount == 2581
    listed = scenes.client.v1.transfers.list({"transfer_group": "order_1"}).data
    assert [transfer.amount for transfer in listed] == [2870, 2581]


def test_transfers_from_a_charge_stay_within_it(scenes: Scenes) -> None:
    seller = scenes.seller()
    paid = scenes.paid(5_000)
    params = {"currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
    scenes.client.v1.transfers.create(params | {"amount": 3_000})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.client.v1.transfers.create(params | {"amount": 2_001})

    assert refused.value.param == "amount"
    assert scenes.client.v1.transfers.create(params | {"amount": 2_000}).amount == 2_000


async def test_without_a_source_only_available_money_moves(standin: RunningStandin, scenes: Scenes) -> None:
    seller = scenes.seller()
    scenes.paid(5_000)
    params = {"amount": 1_000, "currency": "eur", "destination": seller.id}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        scenes.client.v1.transfers.create(params)

    await standin.control("POST", "/clock", {"seconds": 3 * 86_400 + 1})

    assert refused.value.code == "balance_insufficient"
    transfer = scenes.client.v1.transfers.create(params | {"transfer_group": "order_9"})
    entry = scenes.client.v1.balance_transactions.retrieve(transfer.balance_transaction)
    assert (entry.status, entry.net, entry.type) == ("available", -1_000, "transfer")


@pytest.mark.parametrize("card", ["pm_card_bypassPending", "pm_card_bypassPendingInternational"])
def test_the_bypass_card_is_available_at_once(scenes: Scenes, card: str) -> None:
    scenes.paid(10_000, card=card)

    balance = scenes.client.v1.balance.retrieve()

    assert (balance.available[0].amount, balance.pending[0].amount) == (10_000 - 175, 0)


def test_typed_rejections_of_transfers(scenes: Scenes) -> None:
    seller, paid = scenes.seller(), scenes.paid()
    waiting = scenes.client.v1.accounts.create({"country": "FR", "capabilities": {"transfers": {"requested": True}}})
    good = {"amount": 100, "currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
    authorised = scenes.paid(capture_method="manual")

    for change, code, param in (
        ({"destination": "acct_none"}, "resource_missing", "destination"),
        ({"destination": waiting.id}, "insufficient_capabilities_for_transfer", None),
        ({"source_transaction": "ch_none"}, "resource_missing", "source_transaction"),
        ({"source_transaction": authorised.latest_charge}, None, "source_transaction"),
        ({"currency": "usd"}, None, "source_transaction"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            scenes.client.v1.transfers.create(good | change)
        assert (refused.value.code, refused.value.param) == (code, param), change
    assert scenes.client.v1.transfers.list().data == []


def test_a_reversal_brings_back_what_the_account_still_has(scenes: Scenes) -> None:
    seller, paid = scenes.seller(), scenes.paid(5_000)
    transfer = scenes.client.v1.transfers.create(
        {"amount": 3_000, "currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
    )

    scenes.client.v1.transfers.reversals.create(transfer.id, {"amount": 1_000})

    with pytest.raises(stripe.InvalidRequestError):
        scenes.client.v1.transfers.reversals.create(transfer.id, {"amount": 2_001})
    read = scenes.client.v1.transfers.retrieve(transfer.id)
    assert (read.amount_reversed, read.reversed) == (1_000, False)
    assert [reversal.amount for reversal in read.reversals.data] == [1_000]
    own = scenes.client.v1.balance.retrieve(options={"stripe_account": seller.id})
    assert own.pending[0].amount == 2_000


def test_refunds_stay_within_the_charge(scenes: Scenes) -> None:
    scenes.paid(20_000)
    paid = scenes.paid(5_000)
    first = scenes.client.v1.refunds.create({"payment_intent": paid.id, "amount": 2_000, "metadata": {"r": "1"}})

    with pytest.raises(stripe.InvalidRequestError) as too_much:
        scenes.client.v1.refunds.create({"payment_intent": paid.id, "amount": 3_001})
    rest = scenes.client.v1.refunds.create({"charge": paid.latest_charge})
    with pytest.raises(stripe.InvalidRequestError) as again:
        scenes.client.v1.refunds.create({"payment_intent": paid.id, "amount": 1})

    assert (first.status, rest.amount) == ("succeeded", 3_000)
    assert too_much.value.param == "amount"
    assert again.value.code == "charge_already_refunded"
    listed = scenes.client.v1.refunds.list({"payment_intent": paid.id}).data
    assert [refund.amount for refund in listed] == [3_000, 2_000]
    charge = scenes.client.v1.charges.retrieve(paid.latest_charge, {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded, len(charge.refunds.data)) == (True, 5_000, 2)


async def test_refunds_wait_for_money(standin: RunningStandin, scenes: Scenes) -> None:
    paid = scenes.paid(5_000)
    refund = scenes.client.v1.refunds.create({"payment_intent": paid.id})

    scenes.client.v1.topups.create(
        {"amount": 1_000, "currency": "eur", "description": "d", "statement_descriptor": "s"}
    )
    await standin.control("POST", "/clock", {"seconds": 3_601})

    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    assert scenes.client.v1.refunds.retrieve(refund.id).status == "succeeded"


async def test_refunds_that_the_bank_delays_or_returns(standin: RunningStandin, scenes: Scenes) -> None:
    scenes.client.v1.topups.create(
        {"amount": 9_000, "currency": "eur", "description": "d", "statement_descriptor": "s"}
    )
    slow, failing = scenes.paid(1_000, "pm_card_pendingRefund"), scenes.paid(1_000, "pm_card_refundFail")
    refunds = [scenes.client.v1.refunds.create({"payment_intent": paid.id}) for paid in (slow, failing)]

    await standin.control("POST", "/clock", {"seconds": 61})

    after = [scenes.client.v1.refunds.retrieve(refund.id) for refund in refunds]
    assert [refund.status for refund in refunds] == ["pending", "succeeded"]
    assert [refund.status for refund in after] == ["succeeded", "failed"]
    assert after[1].failure_balance_transaction is not None


def test_uncaptured_charges_are_cancelled_not_refunded(scenes: Scenes) -> None:
    authorised = scenes.paid(capture_method="manual")

    with pytest.raises(stripe.InvalidRequestError):
        scenes.client.v1.refunds.create({"payment_intent": authorised.id})


async def test_the_book_agrees_with_the_balance_transactions(standin: RunningStandin, scenes: Scenes) -> None:
    seller = scenes.seller()
    paid = scenes.paid(5730, transfer_group="order_1")
    scenes.client.v1.transfers.create(
        {"amount": 2581, "currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
    )
    scenes.client.v1.refunds.create({"payment_intent": paid.id, "amount": 1162})

    book = await standin.control("GET", "/book?transfer_group=order_1")

    assert book["groups"] == {
        "order_1": {"charged": 5730, "refunded": 1162, "transferred": 2581, "reversed": 0, "fees": 111, "kept": 1987}
    }
    assert book["balances"] == {
        "platform": {"eur": {"pending": 5730 - 111 - 2581, "available": -1162}},
        seller.id: {"eur": {"pending": 2581, "available": 0}},
    }


def test_v1_onboarding_half_done_then_done(scenes: Scenes) -> None:
    account = scenes.client.v1.accounts.create(
        {
            "country": "FR",
            "email": "vendeur@exemple.fr",
            "business_type": "company",
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "requirement_collection": "stripe",
                "stripe_dashboard": {"type": "express"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"seller_id": "sel_1"},
        }
    )
    links = [
        scenes.client.v1.account_links.create(
            {
                "account": account.id,
                "refresh_url": "http://localhost/refresh",
                "return_url": RETURN_URL,
                "type": "account_onboarding",
            }
        )
        for _ in range(2)
    ]

    for link, outcome in zip(links, ("half", "complete"), strict=True):
        with requests.post(link.url, data={"outcome": outcome}, allow_redirects=False, timeout=10) as answer:
            assert (answer.status_code, answer.headers["location"]) == (303, RETURN_URL)
        read = scenes.client.v1.accounts.retrieve(account.id)
        assert read.details_submitted == (outcome == "complete")
        assert read.capabilities.transfers == ("active" if outcome == "complete" else "inactive")
        assert bool(read.requirements.currently_due) == (outcome == "half")


def test_v2_onboarding_shows_only_what_is_included(scenes: Scenes) -> None:
    include = ["configuration.recipient", "requirements", "identity", "defaults"]
    account = scenes.client.v2.core.accounts.create(
        {
            "contact_email": "vendeur@exemple.fr",
            "display_name": "Savons du Luberon",
            "dashboard": "express",
            "identity": {"country": "fr", "entity_type": "company"},
            "defaults": {
                "currency": "eur",
                "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
            },
            "configuration": {
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
            },
            "metadata": {"seller_id": "sel_1"},
            "include": include,
        }
    )
    link = scenes.client.v2.core.account_links.create(
        {
            "account": account.id,
            "use_case": {
                "type": "account_onboarding",
                "account_onboarding": {
                    "configurations": ["recipient"],
                    "refresh_url": "http://localhost/refresh",
                    "return_url": RETURN_URL,
                    "collection_options": {"fields": "eventually_due", "future_requirements": "include"},
                },
            },
        }
    )
    requests.post(link.url, data={"outcome": "complete"}, allow_redirects=False, timeout=10).close()

    bare = scenes.client.v2.core.accounts.retrieve(account.id)
    whole = scenes.client.v2.core.accounts.retrieve(account.id, {"include": include})

    assert account.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status == "restricted"
    assert bare.configuration is None
    balance = whole.configuration.recipient.capabilities.stripe_balance
    assert (balance.stripe_transfers.status, balance.payouts.status) == ("active", "active")
    assert whole.requirements.entries == []


def test_v2_accounts_page_through_all(scenes: Scenes) -> None:
    made = [scenes.client.v2.core.accounts.create({"identity": {"country": "fr"}}).id for _ in range(5)]

    first = scenes.client.v2.core.accounts.list({"limit": 2})

    assert len(first.data) == 2
    assert [account.id for account in first.auto_paging_iter()] == made[::-1]


def test_an_onboarding_link_opens_once(scenes: Scenes) -> None:
    account = scenes.client.v1.accounts.create({"country": "FR", "capabilities": {"transfers": {"requested": True}}})
    link = scenes.client.v1.account_links.create(
        {"account": account.id, "refresh_url": "http://r/", "return_url": RETURN_URL, "type": "account_onboarding"}
    )

    with requests.get(link.url, timeout=10) as first:
        assert first.status_code == 200
        assert "ce n'est pas Stripe" in first.text.replace("&#39;", "'")
    with requests.get(link.url, allow_redirects=False, timeout=10) as second:
        assert (second.status_code, second.headers["location"]) == (303, "http://r/")


async def test_an_expired_onboarding_link_leads_back(standin: RunningStandin, scenes: Scenes) -> None:
    account = scenes.client.v1.accounts.create({"country": "FR", "capabilities": {"transfers": {"requested": True}}})
    link = scenes.client.v1.account_links.create(
        {"account": account.id, "refresh_url": "http://r/", "return_url": RETURN_URL, "type": "account_onboarding"}
    )

    await standin.control("POST", "/clock", {"seconds": 301})

    async with (
        aiohttp.ClientSession() as browser,
        browser.post(link.url, data={"outcome": "complete"}, allow_redirects=False) as answer,
    ):
        assert answer.headers["location"] == "http://r/"
    assert scenes.client.v1.accounts.retrieve(account.id).details_submitted is False


async def test_control_restricts_an_account(standin: RunningStandin, scenes: Scenes) -> None:
    seller, paid = scenes.seller(), scenes.paid()

    await standin.control("POST", f"/accounts/{seller.id}", {"state": "past_due"})

    with pytest.raises(stripe.InvalidRequestError):
        scenes.client.v1.transfers.create(
            {"amount": 100, "currency": "eur", "destination": seller.id, "source_transaction": paid.latest_charge}
        )
    assert scenes.client.v1.accounts.retrieve(seller.id).requirements.disabled_reason == "requirements.past_due"


def test_balance_settings_of_a_seller(scenes: Scenes) -> None:
    seller = scenes.seller()
    params = {"payments": {"payouts": {"schedule": {"interval": "manual"}, "statement_descriptor": "HALLES"}}}

    settings = scenes.client.v1.balance_settings.update(params, {"stripe_account": seller.id})

    assert settings.payments.payouts.schedule.interval == "manual"
    assert scenes.client.v1.accounts.retrieve(seller.id).settings.payouts.schedule.interval == "manual"

"""Money conservation as a property: whatever is called, nothing appears and nothing vanishes."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from standins.database import open_database
from standins.outbound.queue import SCHEMA, DeliveryQueue, RetryPolicy
from standins.stripe.app import read_schema
from standins.stripe.call import Call
from standins.stripe.clock import VirtualClock
from standins.stripe.control.book import totals
from standins.stripe.errors import StripeError
from standins.stripe.events import EventOutbox
from standins.stripe.faults import FaultRules
from standins.stripe.jobs import Timetable
from standins.stripe.operations import build_router
from standins.stripe.resources.account_states import AccountState, change_state
from standins.stripe.settings import StripeSettings
from standins.stripe.unit import World

AMOUNTS = st.integers(min_value=50, max_value=20_000)
CARDS = st.sampled_from(
    [
        "pm_card_visa",
        "pm_card_bypassPending",
        "pm_card_visa_chargeDeclined",
        "pm_card_pendingRefund",
        "pm_card_refundFail",
        "pm_standin_3ds",
    ]
)
CAPTURES = st.sampled_from(["automatic", "automatic_async", "manual"])


class Money(RuleBasedStateMachine):
    """Random calls of the API's handlers on a file of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "stripe.sqlite"
        self.connection = open_database(path, read_schema() + SCHEMA)
        self.clock = VirtualClock(self.connection)
        chosen = StripeSettings(
            "127.0.0.1",
            0,
            "http://s",
            path,
            "t",
            platform_target=None,
            connect_target=None,
            thin_target=None,
            first_retry_gap=1.0,
        )
        queue = DeliveryQueue(self.connection, RetryPolicy())
        outbox = EventOutbox(queue, faults=FaultRules(self.connection), targets=frozenset())
        self.world = World(self.connection, self.clock, settings=chosen, outbox=outbox)
        self.timetable = Timetable(self.world)
        self.router = build_router()
        self.intents: list[str] = []
        self.charges: list[str] = []
        self.transfers: list[str] = []
        self.sellers: list[str] = []

    def teardown(self) -> None:
        self.connection.close()
        self.folder.cleanup()

    def call(self, path: str, params: dict[str, Any]) -> dict[str, Any] | None:
        """Call a handler as the API does; a refusal is an answer like any other and must conserve money too."""
        found = self.router.match("POST", path)
        assert found is not None
        operation, captured = found
        try:
            with self.world.begin() as unit:
                try:
                    return operation.handler(Call(unit, "", params, captured))
                except StripeError as error:
                    if not error.keeps_state:
                        raise
                    return None
        except StripeError:
            return None

    @initialize()
    def open_two_sellers(self) -> None:
        for _ in range(2):
            created = self.call("/v1/accounts", {"capabilities": {"transfers": {"requested": True}}})
            assert created is not None
            self.sellers.append(created["id"])
        with self.world.begin() as unit:
            for seller in self.sellers:
                account = unit.session.get("account", seller)
                assert account is not None
                change_state(unit, account, AccountState.ACTIVE)

    @rule(amount=AMOUNTS, card=CARDS, capture=CAPTURES)
    def pay(self, amount: int, card: str, capture: str) -> None:
        params = {"amount": amount, "currency": "eur", "capture_method": capture, "payment_method_types": ["card"]}
        intent = self.call("/v1/payment_intents", params)
        assert intent is not None
        self.intents.append(intent["id"])
        paid = self.call(f"/v1/payment_intents/{intent['id']}/confirm", {"payment_method": card})
        if paid is not None and paid["latest_charge"]:
            self.charges.append(paid["latest_charge"])

    @precondition(lambda self: self.intents)
    @rule(data=st.data(), amount=AMOUNTS)
    def capture(self, data: st.DataObject, amount: int) -> None:
        self.call(
            f"/v1/payment_intents/{data.draw(st.sampled_from(self.intents))}/capture", {"amount_to_capture": amount}
        )

    @precondition(lambda self: self.intents)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        self.call(f"/v1/payment_intents/{data.draw(st.sampled_from(self.intents))}/cancel", {})

    @precondition(lambda self: self.charges)
    @rule(data=st.data(), amount=AMOUNTS)
    def refund(self, data: st.DataObject, amount: int) -> None:
        self.call("/v1/refunds", {"charge": data.draw(st.sampled_from(self.charges)), "amount": amount})

    @rule(data=st.data(), amount=AMOUNTS, has_source=st.booleans())
    def transfer(self, data: st.DataObject, amount: int, has_source: bool) -> None:
        params = {"amount": amount, "currency": "eur", "destination": data.draw(st.sampled_from(self.sellers))}
        if has_source and self.charges:
            params["source_transaction"] = data.draw(st.sampled_from(self.charges))
        made = self.call("/v1/transfers", params)
        if made is not None:
            self.transfers.append(made["id"])

    @precondition(lambda self: self.transfers)
    @rule(data=st.data(), amount=AMOUNTS)
    def reverse(self, data: st.DataObject, amount: int) -> None:
        self.call(f"/v1/transfers/{data.draw(st.sampled_from(self.transfers))}/reversals", {"amount": amount})

    @rule(amount=AMOUNTS)
    def top_up(self, amount: int) -> None:
        self.call("/v1/topups", {"amount": amount, "currency": "eur"})

    @rule(seconds=st.sampled_from([2, 3_601, 86_400, 8 * 86_400]))
    def let_time_pass(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.timetable.run_due()

    @invariant()
    def balances_are_the_sums_of_their_transactions(self) -> None:
        for account in ("", *self.sellers):
            with self.world.begin() as unit:
                entries = list(unit.session.all("balance_transaction", account))
                pending, available = unit.ledger.balance(account).get("eur", (0, 0))
                waiting = sum(entry["net"] for entry in entries if entry["available_on"] > unit.now)
            assert (pending, available) == (waiting, sum(entry["net"] for entry in entries) - waiting)
            assert all(entry["net"] == entry["amount"] - entry["fee"] for entry in entries)

    @invariant()
    def money_only_enters_and_leaves_by_cards_top_ups_and_fees(self) -> None:
        with self.world.begin() as unit:
            found = totals(unit.session).get("eur", {})
            held = sum(sum(unit.ledger.balance(account).get("eur", (0, 0))) for account in ("", *self.sellers))
        amounts = {kind: sums["amount"] for kind, sums in found.items()}
        outside = sum(amounts.get(kind, 0) for kind in ("charge", "refund", "refund_failure", "topup"))
        assert held == outside - sum(sums["fee"] for sums in found.values())
        assert amounts.get("transfer", 0) + amounts.get("payment", 0) == 0
        assert amounts.get("transfer_refund", 0) + amounts.get("payment_refund", 0) == 0

    @invariant()
    def nothing_exceeds_what_it_comes_from(self) -> None:
        with self.world.begin() as unit:
            charges = {row["id"]: row for row in unit.session.all("charge", "")}
            transfers = list(unit.session.all("transfer", ""))
        for charge in charges.values():
            used = sum(t["amount"] - t["amount_reversed"] for t in transfers if t["source_transaction"] == charge["id"])
            assert used <= charge["amount_captured"] <= charge["amount"]
            assert not charge["captured"] or 0 <= charge["amount_refunded"] <= charge["amount_captured"]
        assert all(0 <= transfer["amount_reversed"] <= transfer["amount"] for transfer in transfers)


TestMoney = Money.TestCase
TestMoney.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

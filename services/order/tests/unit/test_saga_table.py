"""The table itself: total, written out, and unable to lose goods or money."""

import ast
import inspect
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order.saga import backward, document, forward
from order.saga.states import FINAL, PAYMENT_PHASE, UNDOING, Effect, State, Trigger
from order.saga.table import TABLE, Patience, decide, status_of, timer

PAGE = Path(document.__file__).parents[3] / "docs" / "saga.md"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("trigger", Trigger)
def test_every_cell_is_decided_with_a_reason(state: State, trigger: Trigger) -> None:
    cell = TABLE[state][trigger]

    assert len(cell.why) > 5
    assert cell.does or cell.to is None or cell.to in UNDOING | {State.CANCELLED}


@pytest.mark.parametrize("module", [forward, backward])
def test_every_cell_is_written_out(module: object) -> None:
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    rows = [node for node in tree.body if isinstance(node, ast.AnnAssign)]

    for row in rows:
        assert isinstance(row.value, ast.Dict), ast.unparse(row.target)
        names = [ast.unparse(key).removeprefix("Trigger.") for key in row.value.keys if key is not None]
        assert sorted(names) == sorted(trigger.name for trigger in Trigger), ast.unparse(row.target)


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == document.page(), (
        "run: python -m order.saga.document > services/order/docs/saga.md"
    )


@pytest.mark.parametrize("state", sorted(FINAL))
def test_final_states_are_never_left(state: State) -> None:
    assert {cell.to for cell in TABLE[state].values()} == {None}


@pytest.mark.parametrize("state", sorted(UNDOING))
def test_undoing_never_turns_forward(state: State) -> None:
    targets = {cell.to for cell in TABLE[state].values()} - {None}

    assert targets <= UNDOING | {State.CANCELLED}


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_every_open_state_has_a_deadline_that_acts(state: State) -> None:
    cell = decide(state, Trigger.DEADLINE)
    entered = (
        next(c for row in TABLE.values() for c in row.values() if c.to is state)
        if state is not State.RESERVING
        else cell
    )

    assert cell.to is not None
    assert cell.does
    assert timer(State.RESERVING, entered, repeats=0, patience=Patience()) is not None


def test_only_the_capture_confirms_and_only_known_zero_cancels_after_payment_began() -> None:
    arrivals = {
        (state, trigger, cell.to) for state, row in TABLE.items() for trigger, cell in row.items() if cell.to in FINAL
    }

    assert arrivals == {
        (State.CAPTURING, Trigger.CAPTURED, State.CONFIRMED),
        (State.RESERVING, Trigger.STOCK_REJECTED, State.CANCELLED),
        (State.RESERVING_AGAIN, Trigger.STOCK_REJECTED, State.CANCELLED),
        (State.RELEASING, Trigger.STOCK_RELEASED, State.CANCELLED),
        (State.VOIDING, Trigger.VOIDED, State.CANCELLED),
        (State.VOIDING, Trigger.REFUNDED, State.CANCELLED),
    }


def test_every_compensation_has_a_reason_and_commands_for_what_it_owes() -> None:
    owed = {
        State.COMPENSATING: {Effect.RELEASE, Effect.CANCEL_PAYMENT},
        State.RELEASING: {Effect.RELEASE},
        State.VOIDING: {Effect.CANCEL_PAYMENT},
    }
    for state in set(State) - UNDOING - FINAL:
        for cell in TABLE[state].values():
            if cell.to in owed:
                assert cell.cancels is not None
                assert set(cell.does) == owed[cell.to]


@given(st.lists(st.sampled_from(sorted(set(Trigger))), max_size=60))
def test_no_history_ends_with_money_kept_and_goods_given_back(history: list[Trigger]) -> None:
    state, sent = State.RESERVING, [Effect.RESERVE]
    for trigger in history:
        cell = decide(state, trigger)
        sent += cell.does
        state = cell.to or state

    undone = {Effect.RELEASE, Effect.CANCEL_PAYMENT} & set(sent)
    told = [effect for effect in sent if effect in (Effect.TELL_CONFIRMED, Effect.TELL_CANCELLED)]
    assert len(told) <= 1
    if state is State.CONFIRMED:
        assert not undone
        assert sent.index(Effect.AUTHORISE) < sent.index(Effect.COMMIT) < sent.index(Effect.CAPTURE)
    if state is State.CANCELLED and Effect.CAPTURE in sent:
        assert Effect.RELEASE in sent


@given(st.sampled_from(sorted(UNDOING)))
def test_repeated_questions_pause_longer_and_longer_but_never_stop(state: State) -> None:
    cell = decide(state, Trigger.DEADLINE)

    pauses = [timer(state, cell, repeats=n, patience=Patience()) for n in range(40)]

    assert pauses[:6] == [15, 30, 60, 120, 240, 300]
    assert set(pauses[5:]) == {300}


def test_the_buyers_time_is_not_extended_by_another_card() -> None:
    for state in PAYMENT_PHASE:
        for cell in TABLE[state].values():
            if cell.to in PAYMENT_PHASE:
                assert timer(state, cell, repeats=0, patience=Patience()) == "keep"


def test_goods_are_held_longer_than_the_buyer_may_take() -> None:
    patience = Patience()

    assert patience.hold_seconds > 2 * patience.reserving_seconds + patience.payment_seconds


def test_an_order_being_undone_is_cancelled_for_its_buyer() -> None:
    assert {state for state in State if status_of(state) == "cancelled"} == UNDOING | {State.CANCELLED}

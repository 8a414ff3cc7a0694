"""The whole table, and the two rules that depend on the state alone: its deadline and what the buyer is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from order.saga import backward, forward
from order.saga.states import FINAL, PAYMENT_PHASE, UNDOING, Cell, Row, State, Trigger

Status = Literal["pending", "action-required", "declined", "confirmed", "cancelled"]

TABLE: Mapping[State, Row] = {
    State.RESERVING: forward.RESERVING,
    State.RESERVING_AGAIN: forward.RESERVING_AGAIN,
    State.AUTHORISING: forward.AUTHORISING,
    State.ACTION_REQUIRED: forward.ACTION_REQUIRED,
    State.DECLINED: forward.DECLINED,
    State.COMMITTING: forward.COMMITTING,
    State.CAPTURING: forward.CAPTURING,
    State.CONFIRMED: forward.CONFIRMED,
    State.COMPENSATING: backward.COMPENSATING,
    State.RELEASING: backward.RELEASING,
    State.VOIDING: backward.VOIDING,
    State.CANCELLED: backward.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. ``hold_seconds`` is asked of catalog and outlives the reserving and payment deadlines with a margin.

    ``resend_seconds`` doubles with each repetition up to ``longest_pause_seconds``.
    """

    reserving_seconds: int = 15
    payment_seconds: int = 600
    hold_seconds: int = 900
    resend_seconds: int = 15
    longest_pause_seconds: int = 300
    alarm_seconds: int = 3600


Timer = int | Literal["keep"] | None
"""Seconds from now, the deadline as it is, or no deadline."""


def decide(state: State, trigger: Trigger) -> Cell:
    """Look up the decision; the table is total."""
    return TABLE[state][trigger]


def timer(source: State, cell: Cell, *, repeats: int, patience: Patience) -> Timer:
    """Deadline after ``cell``. ``repeats`` counts how often the commands of the state have been sent again."""
    target = cell.to
    if target is None or (source in PAYMENT_PHASE and target in PAYMENT_PHASE):
        return "keep"
    if target in FINAL:
        return None
    if target in (State.RESERVING, State.RESERVING_AGAIN):
        return patience.reserving_seconds
    if target in PAYMENT_PHASE:
        return patience.payment_seconds
    return min(patience.resend_seconds << min(repeats, 10), patience.longest_pause_seconds)


def status_of(state: State) -> Status:
    """What the buyer is told. An order that is being undone is cancelled for its buyer from the first moment."""
    if state in UNDOING or state is State.CANCELLED:
        return "cancelled"
    named: dict[State, Status] = {
        State.ACTION_REQUIRED: "action-required",
        State.DECLINED: "declined",
        State.CONFIRMED: "confirmed",
    }
    return named.get(state, "pending")

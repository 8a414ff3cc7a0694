"""Vocabulary of the checkout saga: states, what can happen in them, and what is done about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

CancelReason = Literal["stock-rejected", "payment-expired", "payment-failed", "reservation-expired", "buyer-cancelled"]


class State(StrEnum):
    """Where an order stands. COMPENSATING owes stock and money, RELEASING only stock, VOIDING only money."""

    RESERVING = "reserving"
    RESERVING_AGAIN = "reserving-again"
    AUTHORISING = "authorising"
    ACTION_REQUIRED = "action-required"
    DECLINED = "declined"
    COMMITTING = "committing"
    CAPTURING = "capturing"
    CONFIRMED = "confirmed"
    COMPENSATING = "compensating"
    RELEASING = "releasing"
    VOIDING = "voiding"
    CANCELLED = "cancelled"


class Trigger(StrEnum):
    """Everything that can reach a saga. HOLD_EXPIRED is the sweeper's notice, HOLD_GONE catalog's answer to a command of ours."""

    STOCK_RESERVED = "stock-reserved"
    STOCK_REJECTED = "stock-rejected"
    STOCK_COMMITTED = "stock-committed"
    HOLD_GONE = "hold-gone"
    HOLD_EXPIRED = "hold-expired"
    STOCK_RELEASED = "stock-released"
    AUTHORISED = "payment-authorised"
    ACTION_REQUIRED = "payment-action-required"
    DECLINED = "payment-declined"
    STALE_ANSWER = "answer-of-earlier-attempt"
    CAPTURED = "payment-captured"
    CAPTURE_FAILED = "payment-capture-failed"
    VOIDED = "payment-voided"
    REFUNDED = "payment-refunded"
    DEADLINE = "deadline"
    BUYER_CANCELLED = "buyer-cancelled"
    ANOTHER_CARD = "another-card"


class Effect(StrEnum):
    """What a transition does besides changing the state: commands to neighbours, events of the order."""

    RESERVE = "catalog.reserve-stock"
    COMMIT = "catalog.commit-reservation"
    RELEASE = "catalog.release-stock"
    AUTHORISE = "payment.authorise-payment"
    CAPTURE = "payment.capture-payment"
    CANCEL_PAYMENT = "payment.cancel-payment"
    TELL_ACTION_REQUIRED = "order.payment-action-required"
    TELL_DECLINED = "order.payment-declined"
    TELL_CONFIRMED = "order.order-confirmed"
    TELL_CANCELLED = "order.order-cancelled"


@dataclass(frozen=True, slots=True)
class Cell:
    """The decision for one trigger in one state. ``to`` None = nothing changes; ``why`` says the reason to a reader.

    ``is_refusal``: whoever asked gets a 409. ``is_alarm``: should be impossible; counted and logged for an operator.
    ``cancels`` names the reason with which a compensation begins.
    """

    to: State | None
    does: tuple[Effect, ...]
    why: str
    cancels: CancelReason | None = None
    is_refusal: bool = False
    is_alarm: bool = False


Row = dict[Trigger, Cell]


def move(to: State, *does: Effect, why: str, alarm: bool = False) -> Cell:
    """Go to ``to`` and do ``does``; a move to the same state repeats its commands and restarts its deadline."""
    return Cell(to, does, why, is_alarm=alarm)


def compensate(to: State, *does: Effect, reason: CancelReason, why: str, alarm: bool = False) -> Cell:
    """Give up the order for ``reason``: bring stock and money back."""
    return Cell(to, does, why, cancels=reason, is_alarm=alarm)


def answer(*does: Effect, why: str) -> Cell:
    """Stay, but send something: a late answer that has to be undone."""
    return Cell(None, does, why)


def ignore(why: str) -> Cell:
    """Expected and harmless here."""
    return Cell(None, (), why)


def refuse(why: str) -> Cell:
    """The buyer asked for what is not possible in this state."""
    return Cell(None, (), why, is_refusal=True)


def alarm(why: str) -> Cell:
    """A neighbour contradicts itself: change nothing, tell an operator."""
    return Cell(None, (), why, is_alarm=True)


PAYMENT_PHASE = frozenset({State.AUTHORISING, State.ACTION_REQUIRED, State.DECLINED})
"""States that share the buyer's one deadline."""
UNDOING = frozenset({State.COMPENSATING, State.RELEASING, State.VOIDING})
FINAL = frozenset({State.CONFIRMED, State.CANCELLED})

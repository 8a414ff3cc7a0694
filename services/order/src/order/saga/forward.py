"""Rows of the table on the way to a confirmed order.

Every trigger is written in every row, also where rows agree: a new trigger or state has to be decided cell by cell.
"""

from order.saga.states import Effect, Row, State, Trigger, alarm, compensate, ignore, move, refuse

_REPEATED = ignore("repeated answer; the step it belongs to is done")
_NOT_ASKED = alarm("nobody asked for this yet")
_WAS_HELD = alarm("catalog held everything before")
_WAS_COMMITTED = alarm("catalog had committed")
_OTHER_CARD = ignore("about a card that was replaced")
_OLD_NEWS = ignore("older than the authorisation")
_EARLY_CAPTURE = alarm("captured without our asking; the commit decides, capture is then answered again")
_BOTH_BACK = (State.COMPENSATING, Effect.RELEASE, Effect.CANCEL_PAYMENT)

_STOCK_REJECTED = compensate(
    State.CANCELLED, Effect.TELL_CANCELLED, reason="stock-rejected", why="nothing is held and no payment was begun"
)
_HOLD_LOST_UNHEARD = compensate(
    State.RELEASING, Effect.RELEASE, reason="reservation-expired", why="the hold ended before we heard of it"
)
_CATALOG_SILENT = compensate(
    State.RELEASING, Effect.RELEASE, reason="reservation-expired", why="no answer twice; catalog bars the hold"
)
_CANCELLED_EARLY = compensate(
    State.RELEASING, Effect.RELEASE, reason="buyer-cancelled", why="no payment was begun; catalog bars the hold"
)
_HOLD_LOST = compensate(*_BOTH_BACK, reason="reservation-expired", why="the goods may be gone before the money is held")
_COMMIT_REFUSED = compensate(*_BOTH_BACK, reason="reservation-expired", why="the hold ended and the units are gone")
_TIME_OVER = compensate(*_BOTH_BACK, reason="payment-expired", why="the buyer's time is over")
_CANCELLED_BY_BUYER = compensate(*_BOTH_BACK, reason="buyer-cancelled", why="before the pivot everything can be undone")
_CAPTURE_FAILED = compensate(*_BOTH_BACK, reason="payment-failed", why="definitely no money: restock")
_STOCK_LOST = compensate(
    State.VOIDING,
    Effect.CANCEL_PAYMENT,
    reason="reservation-expired",
    why="nobody asked for it, but nothing is held any more",
    alarm=True,
)
_MONEY_LOST = compensate(
    State.RELEASING, Effect.RELEASE, reason="payment-failed", why="the provider gave the hold up for good"
)
_MONEY_BACK = compensate(
    State.RELEASING, Effect.RELEASE, reason="payment-failed", why="refunded without our asking", alarm=True
)
_AUTHORISED = move(State.COMMITTING, Effect.COMMIT, why="the money is held: take the goods")
_PROVE = move(State.ACTION_REQUIRED, Effect.TELL_ACTION_REQUIRED, why="the buyer has to prove who pays (3-D Secure)")
_DECLINED = move(State.DECLINED, Effect.TELL_DECLINED, why="another card may be tried until the deadline")

RESERVING: Row = {
    Trigger.STOCK_RESERVED: move(State.AUTHORISING, Effect.AUTHORISE, why="everything is held for us"),
    Trigger.STOCK_REJECTED: _STOCK_REJECTED,
    Trigger.STOCK_COMMITTED: _NOT_ASKED,
    Trigger.HOLD_GONE: _HOLD_LOST_UNHEARD,
    Trigger.HOLD_EXPIRED: _HOLD_LOST_UNHEARD,
    Trigger.STOCK_RELEASED: _NOT_ASKED,
    Trigger.AUTHORISED: _NOT_ASKED,
    Trigger.ACTION_REQUIRED: _NOT_ASKED,
    Trigger.DECLINED: _NOT_ASKED,
    Trigger.STALE_ANSWER: _NOT_ASKED,
    Trigger.CAPTURED: _NOT_ASKED,
    Trigger.CAPTURE_FAILED: _NOT_ASKED,
    Trigger.VOIDED: _NOT_ASKED,
    Trigger.REFUNDED: _NOT_ASKED,
    Trigger.DEADLINE: move(State.RESERVING_AGAIN, Effect.RESERVE, why="asks for the stored answer, once"),
    Trigger.BUYER_CANCELLED: _CANCELLED_EARLY,
    Trigger.ANOTHER_CARD: refuse("no card was tried yet"),
}

RESERVING_AGAIN: Row = {
    Trigger.STOCK_RESERVED: move(State.AUTHORISING, Effect.AUTHORISE, why="everything is held for us"),
    Trigger.STOCK_REJECTED: _STOCK_REJECTED,
    Trigger.STOCK_COMMITTED: _NOT_ASKED,
    Trigger.HOLD_GONE: _HOLD_LOST_UNHEARD,
    Trigger.HOLD_EXPIRED: _HOLD_LOST_UNHEARD,
    Trigger.STOCK_RELEASED: _NOT_ASKED,
    Trigger.AUTHORISED: _NOT_ASKED,
    Trigger.ACTION_REQUIRED: _NOT_ASKED,
    Trigger.DECLINED: _NOT_ASKED,
    Trigger.STALE_ANSWER: _NOT_ASKED,
    Trigger.CAPTURED: _NOT_ASKED,
    Trigger.CAPTURE_FAILED: _NOT_ASKED,
    Trigger.VOIDED: _NOT_ASKED,
    Trigger.REFUNDED: _NOT_ASKED,
    Trigger.DEADLINE: _CATALOG_SILENT,
    Trigger.BUYER_CANCELLED: _CANCELLED_EARLY,
    Trigger.ANOTHER_CARD: refuse("no card was tried yet"),
}

AUTHORISING: Row = {
    Trigger.STOCK_RESERVED: _REPEATED,
    Trigger.STOCK_REJECTED: _WAS_HELD,
    Trigger.STOCK_COMMITTED: _NOT_ASKED,
    Trigger.HOLD_GONE: _HOLD_LOST,
    Trigger.HOLD_EXPIRED: _HOLD_LOST,
    Trigger.STOCK_RELEASED: _STOCK_LOST,
    Trigger.AUTHORISED: _AUTHORISED,
    Trigger.ACTION_REQUIRED: _PROVE,
    Trigger.DECLINED: _DECLINED,
    Trigger.STALE_ANSWER: _OTHER_CARD,
    Trigger.CAPTURED: _EARLY_CAPTURE,
    Trigger.CAPTURE_FAILED: _NOT_ASKED,
    Trigger.VOIDED: _MONEY_LOST,
    Trigger.REFUNDED: _MONEY_BACK,
    Trigger.DEADLINE: _TIME_OVER,
    Trigger.BUYER_CANCELLED: _CANCELLED_BY_BUYER,
    Trigger.ANOTHER_CARD: refuse("a payment attempt is open"),
}

ACTION_REQUIRED: Row = {
    Trigger.STOCK_RESERVED: _REPEATED,
    Trigger.STOCK_REJECTED: _WAS_HELD,
    Trigger.STOCK_COMMITTED: _NOT_ASKED,
    Trigger.HOLD_GONE: _HOLD_LOST,
    Trigger.HOLD_EXPIRED: _HOLD_LOST,
    Trigger.STOCK_RELEASED: _STOCK_LOST,
    Trigger.AUTHORISED: _AUTHORISED,
    Trigger.ACTION_REQUIRED: _REPEATED,
    Trigger.DECLINED: _DECLINED,
    Trigger.STALE_ANSWER: _OTHER_CARD,
    Trigger.CAPTURED: _EARLY_CAPTURE,
    Trigger.CAPTURE_FAILED: _NOT_ASKED,
    Trigger.VOIDED: _MONEY_LOST,
    Trigger.REFUNDED: _MONEY_BACK,
    Trigger.DEADLINE: _TIME_OVER,
    Trigger.BUYER_CANCELLED: _CANCELLED_BY_BUYER,
    Trigger.ANOTHER_CARD: refuse("a payment attempt is open"),
}

DECLINED: Row = {
    Trigger.STOCK_RESERVED: _REPEATED,
    Trigger.STOCK_REJECTED: _WAS_HELD,
    Trigger.STOCK_COMMITTED: _NOT_ASKED,
    Trigger.HOLD_GONE: _HOLD_LOST,
    Trigger.HOLD_EXPIRED: _HOLD_LOST,
    Trigger.STOCK_RELEASED: _STOCK_LOST,
    Trigger.AUTHORISED: move(State.COMMITTING, Effect.COMMIT, why="the provider took the card after all; so do we"),
    Trigger.ACTION_REQUIRED: ignore("the decline is the later word on this attempt"),
    Trigger.DECLINED: _REPEATED,
    Trigger.STALE_ANSWER: _OTHER_CARD,
    Trigger.CAPTURED: _EARLY_CAPTURE,
    Trigger.CAPTURE_FAILED: _NOT_ASKED,
    Trigger.VOIDED: _MONEY_LOST,
    Trigger.REFUNDED: _MONEY_BACK,
    Trigger.DEADLINE: _TIME_OVER,
    Trigger.BUYER_CANCELLED: _CANCELLED_BY_BUYER,
    Trigger.ANOTHER_CARD: move(State.AUTHORISING, Effect.AUTHORISE, why="next attempt on the same order"),
}

COMMITTING: Row = {
    Trigger.STOCK_RESERVED: _REPEATED,
    Trigger.STOCK_REJECTED: _WAS_HELD,
    Trigger.STOCK_COMMITTED: move(State.CAPTURING, Effect.CAPTURE, why="the pivot: goods are ours, take the money"),
    Trigger.HOLD_GONE: _COMMIT_REFUSED,
    Trigger.HOLD_EXPIRED: ignore("the answer to our commit decides: it still succeeds while stock is free"),
    Trigger.STOCK_RELEASED: _STOCK_LOST,
    Trigger.AUTHORISED: _REPEATED,
    Trigger.ACTION_REQUIRED: _OLD_NEWS,
    Trigger.DECLINED: _OLD_NEWS,
    Trigger.STALE_ANSWER: _OTHER_CARD,
    Trigger.CAPTURED: _EARLY_CAPTURE,
    Trigger.CAPTURE_FAILED: _NOT_ASKED,
    Trigger.VOIDED: _MONEY_LOST,
    Trigger.REFUNDED: _MONEY_BACK,
    Trigger.DEADLINE: move(State.COMMITTING, Effect.COMMIT, why="asked again until answered"),
    Trigger.BUYER_CANCELLED: refuse("the goods are being taken off the shelf"),
    Trigger.ANOTHER_CARD: refuse("the card was accepted"),
}

CAPTURING: Row = {
    Trigger.STOCK_RESERVED: _REPEATED,
    Trigger.STOCK_REJECTED: _WAS_COMMITTED,
    Trigger.STOCK_COMMITTED: _REPEATED,
    Trigger.HOLD_GONE: _WAS_COMMITTED,
    Trigger.HOLD_EXPIRED: _WAS_COMMITTED,
    Trigger.STOCK_RELEASED: _STOCK_LOST,
    Trigger.AUTHORISED: _REPEATED,
    Trigger.ACTION_REQUIRED: _OLD_NEWS,
    Trigger.DECLINED: _OLD_NEWS,
    Trigger.STALE_ANSWER: _OTHER_CARD,
    Trigger.CAPTURED: move(State.CONFIRMED, Effect.TELL_CONFIRMED, why="goods and money are ours"),
    Trigger.CAPTURE_FAILED: _CAPTURE_FAILED,
    Trigger.VOIDED: _MONEY_LOST,
    Trigger.REFUNDED: _MONEY_BACK,
    Trigger.DEADLINE: move(State.CAPTURING, Effect.CAPTURE, why="asked again until the answer is definite"),
    Trigger.BUYER_CANCELLED: refuse("the order is past the point of no return"),
    Trigger.ANOTHER_CARD: refuse("the card was accepted"),
}

CONFIRMED: Row = {
    Trigger.STOCK_RESERVED: _REPEATED,
    Trigger.STOCK_REJECTED: _WAS_COMMITTED,
    Trigger.STOCK_COMMITTED: _REPEATED,
    Trigger.HOLD_GONE: _WAS_COMMITTED,
    Trigger.HOLD_EXPIRED: _WAS_COMMITTED,
    Trigger.STOCK_RELEASED: alarm("the goods are sold and nobody asked for them back"),
    Trigger.AUTHORISED: _REPEATED,
    Trigger.ACTION_REQUIRED: _OLD_NEWS,
    Trigger.DECLINED: _OLD_NEWS,
    Trigger.STALE_ANSWER: _OTHER_CARD,
    Trigger.CAPTURED: _REPEATED,
    Trigger.CAPTURE_FAILED: alarm("the money had been taken"),
    Trigger.VOIDED: alarm("the money had been taken"),
    Trigger.REFUNDED: alarm("refunded at the provider, not by us: the order stays sold until an operator decides"),
    Trigger.DEADLINE: ignore("a confirmed order has none"),
    Trigger.BUYER_CANCELLED: refuse("the order is confirmed; a confirmed order is returned, not cancelled"),
    Trigger.ANOTHER_CARD: refuse("the order is paid"),
}

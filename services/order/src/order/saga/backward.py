"""Rows of the table on the way back: nothing held, no money kept, and never giving up before both are known."""

from order.saga.states import Effect, Row, State, Trigger, answer, ignore, move, refuse

_ON_ITS_WAY = "the command that undoes it follows on the same partition and is repeated until answered"
_OLDER = "older than the cancellation"
_DONE = "repeated answer; this part is undone"

COMPENSATING: Row = {
    Trigger.STOCK_RESERVED: ignore(_ON_ITS_WAY),
    Trigger.STOCK_REJECTED: ignore("nothing was held; the answer to the release says so for good"),
    Trigger.STOCK_COMMITTED: ignore(_ON_ITS_WAY),
    Trigger.HOLD_GONE: ignore("the answer to the release decides"),
    Trigger.HOLD_EXPIRED: ignore("the answer to the release decides"),
    Trigger.STOCK_RELEASED: move(State.VOIDING, why="stock is back, money is owed"),
    Trigger.AUTHORISED: ignore(_ON_ITS_WAY),
    Trigger.ACTION_REQUIRED: ignore(_OLDER),
    Trigger.DECLINED: ignore(_OLDER),
    Trigger.STALE_ANSWER: ignore(_OLDER),
    Trigger.CAPTURED: ignore("the cancel-payment that follows refunds it"),
    Trigger.CAPTURE_FAILED: ignore("the answer to the cancel-payment decides"),
    Trigger.VOIDED: move(State.RELEASING, why="money is back, stock is owed"),
    Trigger.REFUNDED: move(State.RELEASING, why="money is back, stock is owed"),
    Trigger.DEADLINE: move(
        State.COMPENSATING, Effect.RELEASE, Effect.CANCEL_PAYMENT, why="repeated with a growing pause, for ever"
    ),
    Trigger.BUYER_CANCELLED: ignore("it is being cancelled"),
    Trigger.ANOTHER_CARD: refuse("the order is being cancelled"),
}

RELEASING: Row = {
    Trigger.STOCK_RESERVED: ignore(_ON_ITS_WAY),
    Trigger.STOCK_REJECTED: ignore("nothing was held; the answer to the release says so for good"),
    Trigger.STOCK_COMMITTED: ignore(_ON_ITS_WAY),
    Trigger.HOLD_GONE: ignore("the answer to the release decides"),
    Trigger.HOLD_EXPIRED: ignore("the answer to the release decides"),
    Trigger.STOCK_RELEASED: move(State.CANCELLED, Effect.TELL_CANCELLED, why="nothing is held, no money kept"),
    Trigger.AUTHORISED: move(
        State.COMPENSATING, Effect.CANCEL_PAYMENT, why="late: money is held after all, void it", alarm=True
    ),
    Trigger.ACTION_REQUIRED: ignore(_OLDER),
    Trigger.DECLINED: ignore(_OLDER),
    Trigger.STALE_ANSWER: ignore(_OLDER),
    Trigger.CAPTURED: move(
        State.COMPENSATING, Effect.CANCEL_PAYMENT, why="late: money was taken after all, refund it", alarm=True
    ),
    Trigger.CAPTURE_FAILED: ignore("no money was taken"),
    Trigger.VOIDED: ignore(_DONE),
    Trigger.REFUNDED: ignore(_DONE),
    Trigger.DEADLINE: move(State.RELEASING, Effect.RELEASE, why="repeated with a growing pause, for ever"),
    Trigger.BUYER_CANCELLED: ignore("it is being cancelled"),
    Trigger.ANOTHER_CARD: refuse("the order is being cancelled"),
}

VOIDING: Row = {
    Trigger.STOCK_RESERVED: move(
        State.COMPENSATING, Effect.RELEASE, why="late: goods are held after all, release them", alarm=True
    ),
    Trigger.STOCK_REJECTED: ignore("nothing is held"),
    Trigger.STOCK_COMMITTED: move(
        State.COMPENSATING, Effect.RELEASE, why="late: goods were taken after all, restock them", alarm=True
    ),
    Trigger.HOLD_GONE: ignore("nothing is held"),
    Trigger.HOLD_EXPIRED: ignore("nothing is held"),
    Trigger.STOCK_RELEASED: ignore(_DONE),
    Trigger.AUTHORISED: ignore(_ON_ITS_WAY),
    Trigger.ACTION_REQUIRED: ignore(_OLDER),
    Trigger.DECLINED: ignore(_OLDER),
    Trigger.STALE_ANSWER: ignore(_OLDER),
    Trigger.CAPTURED: ignore("the cancel-payment that follows refunds it"),
    Trigger.CAPTURE_FAILED: ignore("the answer to the cancel-payment decides"),
    Trigger.VOIDED: move(State.CANCELLED, Effect.TELL_CANCELLED, why="nothing is held, no money kept"),
    Trigger.REFUNDED: move(State.CANCELLED, Effect.TELL_CANCELLED, why="nothing is held, no money kept"),
    Trigger.DEADLINE: move(State.VOIDING, Effect.CANCEL_PAYMENT, why="repeated with a growing pause, for ever"),
    Trigger.BUYER_CANCELLED: ignore("it is being cancelled"),
    Trigger.ANOTHER_CARD: refuse("the order is being cancelled"),
}

CANCELLED: Row = {
    Trigger.STOCK_RESERVED: answer(Effect.RELEASE, why="late: give the goods back"),
    Trigger.STOCK_REJECTED: ignore(_OLDER),
    Trigger.STOCK_COMMITTED: answer(Effect.RELEASE, why="late: restock"),
    Trigger.HOLD_GONE: ignore(_OLDER),
    Trigger.HOLD_EXPIRED: ignore(_OLDER),
    Trigger.STOCK_RELEASED: ignore(_DONE),
    Trigger.AUTHORISED: answer(Effect.CANCEL_PAYMENT, why="late: void"),
    Trigger.ACTION_REQUIRED: ignore(_OLDER),
    Trigger.DECLINED: ignore(_OLDER),
    Trigger.STALE_ANSWER: ignore(_OLDER),
    Trigger.CAPTURED: answer(Effect.CANCEL_PAYMENT, why="late: refund"),
    Trigger.CAPTURE_FAILED: ignore(_OLDER),
    Trigger.VOIDED: ignore(_DONE),
    Trigger.REFUNDED: ignore(_DONE),
    Trigger.DEADLINE: ignore("a cancelled order has none"),
    Trigger.BUYER_CANCELLED: ignore("it is cancelled"),
    Trigger.ANOTHER_CARD: refuse("the order is cancelled"),
}

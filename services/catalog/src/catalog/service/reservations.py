"""Commands about stock, a whole batch at a time, and the end of holds that ran out."""

from collections.abc import Sequence

from catalog.domain.stock import StockBook
from catalog.repository import stock
from catalog.service.announcements import announce
from chassis import context, outbox
from chassis.db import HotTransaction
from contracts.catalog import CommitReservation, ReleaseStock, ReserveStock

Command = ReserveStock | CommitReservation | ReleaseStock
SWEEP = 200
"""Holds ended in one transaction."""


async def run_commands(tx: HotTransaction, commands: Sequence[tuple[Command, context.Cause]]) -> None:
    """Decide all commands in their order and answer each one on ``catalog.stock.v1``, keyed by its order."""
    wanted = {line.offer_id for command, _ in commands if isinstance(command, ReserveStock) for line in command.lines}
    book = await stock.load_book(tx, {command.order_id for command, _ in commands}, offer_ids=wanted)
    for command, _ in commands:
        _run(book, command)
    _answer(tx, book, [cause for _, cause in commands])
    changed = await stock.save_book(tx, book)
    causes = _causes(book, commands)
    await announce(tx, changed, cause_of=lambda state: causes.get(state.offer_id))


async def end_holds(tx: HotTransaction) -> bool:
    """End open reservations whose time is over by the database's clock; True when there may be more."""
    due = await stock.lock_due_orders(tx, limit=SWEEP)
    if not due:
        return False
    book = await stock.load_book(tx, due)
    for order_id in due:
        book.expire(order_id)
    _answer(tx, book, [context.current()] * len(book.replies))
    await announce(tx, await stock.save_book(tx, book))
    return len(due) == SWEEP


def _run(book: StockBook, command: Command) -> None:
    match command:
        case ReserveStock():
            book.reserve(command)
        case CommitReservation():
            book.commit(command)
        case ReleaseStock():
            book.release(command)


def _answer(tx: HotTransaction, book: StockBook, causes: Sequence[context.Cause]) -> None:
    for reply, cause in zip(book.replies, causes, strict=True):
        outbox.add(tx, reply.answer, subject=reply.answer.order_id, sequence=reply.sequence, cause=cause)


def _causes(book: StockBook, commands: Sequence[tuple[Command, context.Cause]]) -> dict[str, context.Cause]:
    """The last command that touched each offer."""
    return {offer_id: cause for command, cause in commands for offer_id in book.reservations[command.order_id].lines}

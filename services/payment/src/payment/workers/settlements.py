"""Releases what is due and follows the provider's settlement of our own balance."""

from chassis.db import Database
from payment.domain.facts import Movement
from payment.domain.ledger import OrderBook, Posting
from payment.repository import ledger, movements, payments
from payment.service.progress import Desk, lock
from payment.service.settling import release_due

_BATCH = 20
_FEE_OVERDUE_SECONDS = 30


class SettlementWorker:
    """``release`` and ``settle_balance`` are given to loops."""

    def __init__(self, db: Database, desk: Desk) -> None:
        self._db = db
        self._desk = desk
        self._is_balance_told = False

    async def release(self) -> bool:
        """Release settlements whose time has come; True when more may be waiting."""
        async with self._db.hot_transaction() as tx:
            return await release_due(tx, self._desk, limit=_BATCH) == _BATCH

    def expect_balance(self) -> None:
        """The provider says that money became available: look at the oldest movements whatever their date says."""
        self._is_balance_told = True

    async def settle_balance(self) -> bool:
        """Book movements that became available, and ask for fees that nobody told us."""
        is_told, self._is_balance_told = self._is_balance_told, False
        async with self._db.reading() as tx:
            due = await movements.pending(tx, limit=_BATCH, is_told=is_told)
            feeless = await payments.intents_without_fee(tx, older_than_seconds=_FEE_OVERDUE_SECONDS)
        for row in due:
            await self._settle(row["movement_id"], row["order_id"], net=row["net"])
        for intent_id in feeless:
            await self._learn_fee(intent_id)
        return len(due) == _BATCH

    async def _settle(self, movement_id: str, order_id: str, *, net: int) -> None:
        found = await self._desk.provider.read_movement(movement_id)
        async with self._db.hot_transaction() as tx:
            if not found.is_available:
                await movements.look_later(tx, movement_id)
            elif await movements.mark_available(tx, movement_id):
                ledger.book(tx, _available(found, order_id, net=net))

    async def _learn_fee(self, intent_id: str) -> None:
        intent = await self._desk.provider.read_intent(intent_id)
        async with self._db.hot_transaction() as tx:
            order_id = await payments.order_of_intent(tx, intent_id)
            locked = await lock(tx, self._desk, [order_id] if order_id else [])
            for payment in locked.found.values():
                await locked.apply_intent(payment, intent)
            await locked.save()


def _available(found: Movement, order_id: str, *, net: int) -> Posting:
    return OrderBook(order_id, found.currency).made_available(found.movement_id, net)

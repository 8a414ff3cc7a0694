"""Processes stored webhooks: each is only a hint, so the object is read again at the provider before any effect."""

from collections.abc import Awaitable, Callable

import structlog

from chassis.db import Database, HotTransaction
from chassis.errors import Unavailable
from payment.domain.facts import Intent, PayoutAccount, Refund
from payment.domain.notices import is_known
from payment.domain.operation import pause_seconds
from payment.metrics import WEBHOOKS
from payment.repository import operations, payments, payout_accounts, webhooks
from payment.repository.webhooks import StoredWebhook
from payment.service.progress import Desk, lock
from payment.service.results import tell_account

log = structlog.get_logger()

_LEASE_SECONDS = 60
_BATCH = 20
_MOST_TRIES = 12
_BUSY_PAUSE_SECONDS = 1


class WebhookWorker:
    """``work`` is given to a loop; ``wake_balance`` lets the balance worker look at once."""

    def __init__(self, db: Database, desk: Desk, *, wake_balance: Callable[[], None]) -> None:
        self._db = db
        self._desk = desk
        self._wake_balance = wake_balance

    async def work(self) -> bool:
        """Process what is due; True when more may be waiting."""
        async with self._db.hot_transaction() as tx:
            claimed = await webhooks.claim(tx, limit=_BATCH, lease_seconds=_LEASE_SECONDS)
        for webhook in claimed:
            await self._patiently(webhook)
        return len(claimed) == _BATCH

    async def _patiently(self, webhook: StoredWebhook) -> None:
        try:
            outcome = await self._process(webhook)
        except (Unavailable, LookupError) as error:
            outcome = await self._later(webhook, error)
        WEBHOOKS.labels(outcome).inc()

    async def _process(self, webhook: StoredWebhook) -> str:
        handle = self._handler(webhook.type)
        return await handle(webhook)

    def _handler(self, event_type: str) -> Callable[[StoredWebhook], Awaitable[str]]:
        if event_type.startswith(("account.", "v2.core.account")):
            return self._account
        if event_type.startswith("refund."):
            return self._refund
        return self._balance if event_type == "balance.available" else self._intent

    async def _intent(self, webhook: StoredWebhook) -> str:
        async with self._db.hot_transaction() as tx:
            order_id = await payments.order_of_intent(tx, webhook.object_id)
            payment = await payments.read_payment(tx, order_id) if order_id else None
            if payment is None or is_known(payment, webhook.type):
                return await _finish(tx, webhook, "ignored" if payment is None else "done")
            if await _is_busy(tx, webhook, payment.order_id):
                return "postponed"
        intent = await self._desk.provider.read_intent(webhook.object_id)
        async with self._db.hot_transaction() as tx:
            return await self._apply_intent(tx, webhook, payment.order_id, intent)

    async def _apply_intent(self, tx: HotTransaction, webhook: StoredWebhook, order_id: str, intent: Intent) -> str:
        locked = await lock(tx, self._desk, [order_id])
        if locked.busy:
            await _wait_for_own_call(tx, webhook)
            return "postponed"
        payment = locked.found[order_id]
        await locked.apply_intent(payment, intent)
        await locked.advance(payment)
        await locked.save()
        return await _finish(tx, webhook, "done")

    async def _refund(self, webhook: StoredWebhook) -> str:
        refund = await self._desk.provider.read_refund(webhook.object_id)
        async with self._db.hot_transaction() as tx:
            return await self._apply_refund(tx, webhook, refund)

    async def _apply_refund(self, tx: HotTransaction, webhook: StoredWebhook, refund: Refund) -> str:
        """A refund that was made by hand in the provider's dashboard names no order of ours and is left to an operator."""
        locked = await lock(tx, self._desk, [refund.order_id] if refund.order_id else [])
        if refund.order_id is None or refund.order_id not in locked.found:
            log.warning("webhook.foreign_refund", refund_id=refund.refund_id)
            return await _finish(tx, webhook, "ignored")
        if locked.busy:
            await _wait_for_own_call(tx, webhook)
            return "postponed"
        payment = locked.found[refund.order_id]
        await locked.apply_refund(payment, refund)
        await locked.advance(payment)
        await locked.save()
        return await _finish(tx, webhook, "done")

    async def _account(self, webhook: StoredWebhook) -> str:
        found = await self._desk.provider.read_account(webhook.object_id)
        async with self._db.hot_transaction() as tx:
            return await _apply_account(tx, webhook, found)

    async def _balance(self, webhook: StoredWebhook) -> str:
        self._wake_balance()
        async with self._db.hot_transaction() as tx:
            return await _finish(tx, webhook, "done")

    async def _later(self, webhook: StoredWebhook, error: Exception) -> str:
        """The provider is away: for as long as it takes. The object is not there: a few times, then an operator's case."""
        is_dead = isinstance(error, LookupError) and webhook.tries >= _MOST_TRIES
        async with self._db.hot_transaction() as tx:
            if is_dead:
                log.error("webhook.dead", event_id=webhook.event_id, type=webhook.type, error=str(error))
                return await _finish(tx, webhook, "dead", error=str(error))
            pause = pause_seconds(webhook.tries)
            await webhooks.postpone(tx, webhook, pause_seconds=pause, error=str(error), is_try_spent=True)
        return "postponed"


async def _is_busy(tx: HotTransaction, webhook: StoredWebhook, order_id: str) -> bool:
    if not await operations.open_subjects(tx, [order_id]):
        return False
    await _wait_for_own_call(tx, webhook)
    return True


async def _wait_for_own_call(tx: HotTransaction, webhook: StoredWebhook) -> None:
    """Our own call about the same payment is under way; its answer comes first."""
    await webhooks.postpone(tx, webhook, pause_seconds=_BUSY_PAUSE_SECONDS, error=None, is_try_spent=False)


async def _apply_account(tx: HotTransaction, webhook: StoredWebhook, found: PayoutAccount) -> str:
    seller_id = await payout_accounts.seller_of_account(tx, found.account_id)
    account = await payout_accounts.lock_account(tx, seller_id) if seller_id else None
    if account is None:
        if found.seller_id is None:
            return await _finish(tx, webhook, "ignored")
        raise LookupError(f"account {found.account_id} is not stored yet")
    await tell_account(tx, account, found)
    return await _finish(tx, webhook, "done")


async def _finish(tx: HotTransaction, webhook: StoredWebhook, state: str, *, error: str | None = None) -> str:
    await webhooks.finish(tx, webhook, state=state, error=error)
    return state

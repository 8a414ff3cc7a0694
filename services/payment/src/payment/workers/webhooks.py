"""Processes stored webhooks: each is only a hint, so the object is read again at the provider before any effect."""

from collections.abc import Awaitable, Callable, Iterable

import structlog

from chassis.db import Database, HotTransaction, after_commit
from edge.errors import Unavailable
from payment.domain.facts import Intent, PayoutAccount, Refund
from payment.domain.notices import Verdict, is_about_payment, judge
from payment.domain.operation import pause_seconds
from payment.metrics import WEBHOOKS
from payment.repository import payments, payout_accounts, webhooks
from payment.repository.webhooks import StoredWebhook
from payment.service.progress import Desk, LockedPayments, lock
from payment.service.results import tell_account
from payment.wakes import later

log = structlog.get_logger()

_LEASE_SECONDS = 60
_BATCH = 50
_MOST_TRIES = 12
_BUSY_PAUSE_SECONDS = 1
_ENDED = (Verdict.IGNORE, Verdict.KNOWN)


class WebhookWorker:
    """``work`` is given to a loop, which ``wake`` wakes; ``wake_balance`` lets the balance worker look at once."""

    def __init__(self, db: Database, desk: Desk, *, wake: Callable[[], None], wake_balance: Callable[[], None]) -> None:
        self._db = db
        self._desk = desk
        self._wake_later = later(wake, seconds=_BUSY_PAUSE_SECONDS)
        self._wake_balance = wake_balance

    async def work(self) -> bool:
        """Process what is due; True when more may be waiting."""
        async with self._db.hot_transaction() as tx:
            claimed = await webhooks.claim(tx, limit=_BATCH, lease_seconds=_LEASE_SECONDS)
            unread = await self._sort_out(tx, claimed)
        for webhook in unread:
            outcome = await self._patiently(webhook)
            WEBHOOKS.labels(outcome).inc()
        return len(claimed) == _BATCH

    async def _patiently(self, webhook: StoredWebhook) -> str:
        try:
            return await self._handler(webhook.type)(webhook)
        except (Unavailable, LookupError) as error:
            return await self._later(webhook, error)

    def _handler(self, event_type: str) -> Callable[[StoredWebhook], Awaitable[str]]:
        if event_type.startswith(("account.", "v2.core.account")):
            return self._account
        if event_type.startswith("refund."):
            return self._refund
        return self._balance if event_type == "balance.available" else self._intent

    async def _intent(self, webhook: StoredWebhook) -> str:
        intent = await self._desk.provider.read_intent(webhook.object_id)
        async with self._db.hot_transaction() as tx:
            order_id = await payments.order_of_intent(tx, webhook.object_id)
            return await self._apply(tx, webhook, order_id, intent)

    async def _refund(self, webhook: StoredWebhook) -> str:
        """A refund that was made by hand at the provider names no order of ours and is left to an operator."""
        refund = await self._desk.provider.read_refund(webhook.object_id)
        async with self._db.hot_transaction() as tx:
            return await self._apply(tx, webhook, refund.order_id, refund)

    async def _apply(
        self, tx: HotTransaction, webhook: StoredWebhook, order_id: str | None, found: Intent | Refund
    ) -> str:
        locked = await lock(tx, self._desk, [order_id] if order_id else [])
        payment = locked.found.get(order_id or "")
        if payment is None:
            log.warning("webhook.foreign_object", type=webhook.type, object_id=webhook.object_id)
            return await _finish(tx, webhook, "ignored")
        if payment.has_open_operation:
            return await self._wait_for_own_call(tx, webhook)
        await _advance(locked, order_id or "", found)
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

    async def _sort_out(self, tx: HotTransaction, claimed: Iterable[StoredWebhook]) -> list[StoredWebhook]:
        """End what tells nothing new, put off what our own call is about to answer, and return the rest."""
        about_payments = [webhook for webhook in claimed if is_about_payment(webhook.type)]
        if not about_payments:
            return list(claimed)
        known = await payments.payments_of_intents(tx, {webhook.object_id for webhook in about_payments})
        verdicts = {webhook: judge(known.get(webhook.object_id), webhook.type) for webhook in about_payments}
        ended = [(webhook, verdict.value) for webhook, verdict in verdicts.items() if verdict in _ENDED]
        await webhooks.finish(tx, ended)
        for webhook in (webhook for webhook, verdict in verdicts.items() if verdict is Verdict.WAIT):
            await self._wait_for_own_call(tx, webhook)
        return [webhook for webhook in claimed if verdicts.get(webhook, Verdict.READ) is Verdict.READ]

    async def _wait_for_own_call(self, tx: HotTransaction, webhook: StoredWebhook) -> str:
        """Our own call about the same payment is under way; its answer comes first."""
        await webhooks.postpone(tx, webhook, pause_seconds=_BUSY_PAUSE_SECONDS, error=None, is_try_spent=False)
        after_commit(tx, self._wake_later)
        return "postponed"


async def _advance(locked: LockedPayments, order_id: str, found: Intent | Refund) -> None:
    payment = locked.found[order_id]
    if isinstance(found, Intent):
        await locked.apply_intent(payment, found)
    else:
        await locked.apply_refund(payment, found)
    await locked.advance(payment)
    await locked.save()


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
    await webhooks.finish(tx, [(webhook, state)], error=error)
    return state

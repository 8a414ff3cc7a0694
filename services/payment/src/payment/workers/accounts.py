"""Opens accounts at the provider for sellers that have none."""

import structlog

from chassis.db import Database
from payment.ports import SellerContacts
from payment.repository import payout_accounts
from payment.service.onboarding import open_accounts
from payment.service.progress import Desk

log = structlog.get_logger()
_BATCH = 20


class AccountWorker:
    """``work`` is given to a loop. Addresses are asked of identity at the moment of use and kept nowhere but in the call."""

    def __init__(self, db: Database, desk: Desk, *, contacts: SellerContacts, currency: str) -> None:
        self._db = db
        self._desk = desk
        self._contacts = contacts
        self._currency = currency

    async def work(self) -> bool:
        """Plan accounts for open sellers without one; True when more may be waiting."""
        async with self._db.reading() as tx:
            wanted = await payout_accounts.wanted_accounts(tx, limit=_BATCH)
        if not wanted:
            return False
        found = [(seller, await self._contacts.email_of(seller.seller_id)) for seller in wanted]
        async with self._db.hot_transaction() as tx:
            await open_accounts(tx, self._desk, found, currency=self._currency)
        return len(wanted) == _BATCH

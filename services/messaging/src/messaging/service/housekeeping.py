"""Forgets what is old (README: retention)."""

from datetime import timedelta

from chassis.db import Database
from messaging.repository.mails import sweep

MAILS = timedelta(days=90)
ORDERS = timedelta(days=400)


class Housekeeping:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def sweep(self) -> bool:
        """One round; replicas doing it at once do no harm."""
        async with self._db.hot_transaction() as tx:
            await sweep(tx, mails=MAILS, orders=ORDERS)
        return False

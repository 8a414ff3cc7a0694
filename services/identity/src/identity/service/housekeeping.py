"""Forgets what has expired."""

from chassis.db import Database
from identity.domain.lifetimes import REGISTRATION
from identity.repository.sweep import sweep


class Housekeeping:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def sweep(self) -> bool:
        """One round; replicas doing it at once do no harm."""
        async with self._db.hot_transaction() as tx:
            await sweep(tx, life=REGISTRATION)
        return False

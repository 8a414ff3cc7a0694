"""Work planned for a later virtual time: late fees, refunds in the bank's hands, expiring authorisations."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable

from standins.background import BackgroundTask
from standins.stripe.ledger import SETTLE_BALANCE
from standins.stripe.resources.account_states import finish_verification
from standins.stripe.resources.balances import report_available
from standins.stripe.resources.intent_attempts import expire_authorisation, post_late
from standins.stripe.resources.refunds import fail_refund, settle_refund
from standins.stripe.shape import JsonObject
from standins.stripe.unit import Unit, World

logger = logging.getLogger("standins.stripe")

_BATCH = 50
_FAILED_GAP_SECONDS = 60.0


Action = Callable[[Unit, str], None]


def _about(act: Callable[[Unit, JsonObject], None]) -> Action:
    """Turn work on a resource into work on its id; what is gone needs no work."""

    def run(unit: Unit, subject: str) -> None:
        body = unit.session.find(subject)
        if body is not None:
            act(unit, body)

    return run


def _owned(act: Callable[..., None]) -> Action:
    return _about(lambda unit, body: act(unit, body, account=unit.session.account_of(body["id"])))


_ACTIONS: dict[str, Action] = {
    "expire_authorisation": _owned(expire_authorisation),
    "post_charge": _owned(post_late),
    "settle_refund": _owned(settle_refund),
    "fail_refund": _owned(fail_refund),
    "finish_verification": _about(finish_verification),
    SETTLE_BALANCE: report_available,
}


class Timetable:
    """Runs planned work when the virtual clock reaches it; sleeps otherwise."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wakeup = asyncio.Event()
        self._task = BackgroundTask("timetable")

    def wake(self) -> None:
        """Tell the task that something new is planned or that the clock moved."""
        self._wakeup.set()

    async def start(self) -> None:
        """Start the task; what became due while the process was down runs first."""
        self._task.start(self._run())

    async def stop(self) -> None:
        """Stop the task between two pieces of work."""
        await self._task.stop()

    def run_due(self) -> int:
        """Run what is due now, each piece in a transaction of its own; return how many."""
        due = self._world.connection.execute(
            "SELECT id, kind, subject FROM job WHERE due_at <= ? ORDER BY due_at, id LIMIT ?",
            (self._world.clock.now(), _BATCH),
        ).fetchall()
        for row in due:
            try:
                self._perform(row)
            except Exception:
                # One piece of work must not stop the others, nor make the process start and end in circles.
                logger.exception("%s of %s failed and is tried again", row["kind"], row["subject"])
                self._postpone(row["id"])
        return len(due)

    def _perform(self, row: sqlite3.Row) -> None:
        with self._world.begin() as unit:
            unit.session.connection.execute("DELETE FROM job WHERE id = ?", (row["id"],))
            _ACTIONS[row["kind"]](unit, row["subject"])

    def _postpone(self, number: int) -> None:
        due_at = self._world.clock.now() + _FAILED_GAP_SECONDS
        self._world.connection.execute("UPDATE job SET due_at = ? WHERE id = ?", (due_at, number))

    async def _run(self) -> None:
        while True:
            self._wakeup.clear()
            if self.run_due() == 0:
                await self._sleep()

    async def _sleep(self) -> None:
        row = self._world.connection.execute("SELECT min(due_at) FROM job").fetchone()
        pause = None if row[0] is None else max(0.0, row[0] - self._world.clock.now())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wakeup.wait()

"""What one piece of work can reach: resources, ledger, events, planned jobs, and the time it runs at."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from standins.database import write_transaction
from standins.stripe.clock import VirtualClock
from standins.stripe.events import EventLog, EventOutbox, RequestOrigin
from standins.stripe.ledger import Ledger
from standins.stripe.session import IdSource, Session
from standins.stripe.settings import StripeSettings


@dataclass
class Unit:
    """One transaction's view of the stand-in."""

    session: Session
    ledger: Ledger
    events: EventLog
    settings: StripeSettings
    now: int

    def new_id(self, prefix: str) -> str:
        """Return a fresh id."""
        return self.session.ids.next(prefix)

    def plan(self, kind: str, subject: str, *, after: float) -> None:
        """Plan a job about the subject, that many virtual seconds from now."""
        self.session.connection.execute(
            "INSERT INTO job (kind, subject, due_at) VALUES (?, ?, ?)", (kind, subject, self.now + after)
        )


class World:
    """The stand-in's whole state: opens units of work, one at a time, on the event loop's thread."""

    def __init__(
        self, connection: sqlite3.Connection, clock: VirtualClock, *, settings: StripeSettings, outbox: EventOutbox
    ) -> None:
        self.connection = connection
        self.clock = clock
        self.settings = settings
        self.outbox = outbox
        self._ids = IdSource(settings.seed, self._ids_made())
        self._watchers: tuple[Callable[[], None], ...] = ()

    def on_change(self, *watchers: Callable[[], None]) -> None:
        """Call these after every transaction that changed something, and when the clock moves."""
        self._watchers = watchers

    def notify(self) -> None:
        """Wake the sender of webhooks and the timetable."""
        for watcher in self._watchers:
            watcher()

    def reload(self) -> None:
        """Start counting ids anew after the data was wiped."""
        self._ids.made = self._ids_made()

    def unit(self, origin: RequestOrigin | None = None) -> Unit:
        """Return a unit on the open transaction; `begin` is the ordinary way."""
        now = int(self.clock.now())
        session = Session(self.connection, self._ids)
        events = EventLog(session, self.outbox, now=now, origin=origin or RequestOrigin(None, None))
        return Unit(session, Ledger(session, now), events, self.settings, now)

    @contextmanager
    def begin(self, origin: RequestOrigin | None = None) -> Iterator[Unit]:
        """Run the block in one transaction; what the unit changed is written at its end."""
        changes = self.connection.total_changes
        with write_transaction(self.connection):
            unit = self.unit(origin)
            try:
                yield unit
                unit.session.flush()
            except BaseException:
                unit.session.forget()
                raise
        if self.connection.total_changes != changes:
            self.notify()

    def _ids_made(self) -> int:
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'ids_made'").fetchone()
        return int(row[0]) if row else 0

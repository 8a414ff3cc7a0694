"""The virtual clock: real time plus an offset that only the control API moves, and only forwards."""

import sqlite3
import time


class VirtualClock:
    """Time of the stand-in in unix seconds; the offset survives a restart."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        row = connection.execute("SELECT value FROM meta WHERE name = 'clock_offset'").fetchone()
        self._offset = float(row[0]) if row else 0.0

    @property
    def offset(self) -> float:
        """Seconds by which the clock is ahead of real time."""
        return self._offset

    def now(self) -> float:
        """Return the virtual time."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock forwards."""
        self.set_offset(self._offset + seconds)

    def set_offset(self, offset: float) -> None:
        """Set the offset and store it."""
        self._connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('clock_offset', ?)", (str(offset),))
        self._offset = offset

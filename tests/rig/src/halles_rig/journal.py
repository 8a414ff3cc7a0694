"""What the clients did: a line before and a line after each call, each forced to disk before anything else happens."""

import json
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Result = Literal["ok", "failed", "unknown"]
"""``failed``: the market refused for a reason. ``unknown``: no answer, or one that leaves open what was done."""


@dataclass
class Entry:
    """One call with all its tries. ``answer`` holds what the checkers need of it."""

    number: int
    who: str
    what: str
    path: str
    key: str | None
    body: Any
    at: float
    result: Result = "unknown"
    status: int = 0
    code: str = ""
    tries: int = 0
    seconds: float = 0.0
    answer: Any = None
    resolved: str = ""
    """What an unknown call turned out to be, once it was asked again with its key: done | not-done."""


class Journal:
    """The file and, for the checkers, its entries in memory."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.entries: list[Entry] = []
        self._file = file.open("a")

    def before(self, who: str, what: str, path: str, *, key: str | None, body: Any) -> Entry:
        entry = Entry(len(self.entries), who, what, path, key, body, time.time())
        self.entries.append(entry)
        self._write({"call": asdict(entry)})
        return entry

    def after(self, entry: Entry) -> None:
        told = ("number", "result", "status", "code", "tries", "seconds", "answer", "resolved")
        self._write({"came": {name: getattr(entry, name) for name in told}})

    def close(self) -> None:
        self._file.close()

    def of(self, what: str, result: Result | None = None) -> list[Entry]:
        return [entry for entry in self.entries if entry.what == what and result in (None, entry.result)]

    def errors(self) -> Counter[str]:
        """Calls whose answer never came or was a 5xx, after the retries that the API's documents ask for."""
        return Counter(entry.what for entry in self.entries if entry.result == "unknown")

    def acknowledged(self) -> list[str]:
        """Ids of all orders that a client was told exist, found out later ones included."""
        found = [
            entry.answer["order_id"]
            for entry in self.of("checkout")
            if entry.answer and (entry.result == "ok" or entry.resolved == "done")
        ]
        return list(dict.fromkeys(found))

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, default=str) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

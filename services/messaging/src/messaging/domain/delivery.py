"""What becomes of a mail after a try.

A definite failure is tried again with growing pauses. When the connection broke after the text was handed over, nobody
knows whether the server took it: it is tried again with the same Message-ID, so that servers and readers can tell a
copy, a few times and never silently; then it is left alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
DOUBT_PAUSE = timedelta(seconds=60)
MOST_DOUBTS = 3
GIVE_UP_AFTER = timedelta(hours=48)
LEASE = timedelta(seconds=60)
"""A mail that is being sent longer than this lost its process: its outcome is unknown."""


class Outcome(StrEnum):
    """How one try ended. ``TOLD`` accepted, ``LATER`` definitely not accepted but may be, ``REFUSED`` for good, ``UNKNOWN`` nobody
    can say, ``NOT_NEEDED`` the reason for the mail is gone."""

    TOLD = "told"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """``attempts`` with the one that just ended; ``doubts``: unknown outcomes before it."""

    attempts: int
    doubts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """``status``: due | sent | failed | dropped | doubtful. ``pause`` before the next try of a due mail."""

    status: str
    pause: timedelta = timedelta(0)


def decide(outcome: Outcome, tries: Tries, *, now: datetime) -> Verdict:
    """What to do with a mail whose try ended like this."""
    match outcome:
        case Outcome.TOLD:
            return Verdict("sent")
        case Outcome.NOT_NEEDED:
            return Verdict("dropped")
        case Outcome.REFUSED:
            return Verdict("failed")
        case Outcome.UNKNOWN if tries.doubts + 1 >= MOST_DOUBTS:
            return Verdict("doubtful")
        case Outcome.UNKNOWN:
            return Verdict("due", DOUBT_PAUSE)
    if now - tries.created_at > GIVE_UP_AFTER:
        return Verdict("failed")
    return Verdict("due", min(FIRST_PAUSE * 2 ** min(tries.attempts - 1, 16), LONGEST_PAUSE))

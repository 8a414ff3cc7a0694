"""How long sign-ins last (reliability.md 5.1, ASVS 7.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

VERIFY_LINK = timedelta(hours=1)
RESET_LINK = timedelta(minutes=15)
MAIL_REQUEST = timedelta(hours=24)
"""A mail that could not be sent for a day is not sent any more; the person can ask again."""
REGISTRATION = timedelta(days=7)
"""A registration that nobody confirmed is forgotten, its password hash with it."""
ACCESS_TOKEN = timedelta(minutes=10)
INTERNAL_TOKEN = timedelta(seconds=60)
REFRESH_FAMILY = timedelta(days=90)
REFRESH_GRACE = timedelta(seconds=30)
"""A client whose answer got lost may present the spent token once more (reliability.md 5.1)."""

OPERATORS = frozenset({"admin", "support"})


@dataclass(frozen=True, slots=True)
class SessionLife:
    """``idle`` since last use, ``absolute`` since sign-in, ``touch``: how stale the last use may be on record."""

    idle: timedelta
    absolute: timedelta
    touch: timedelta


PEOPLE = SessionLife(idle=timedelta(days=14), absolute=timedelta(days=90), touch=timedelta(hours=6))
STAFF = SessionLife(idle=timedelta(minutes=30), absolute=timedelta(hours=12), touch=timedelta(minutes=1))


def session_life(roles: Collection[str]) -> SessionLife:
    """Operators' sessions are short."""
    return PEOPLE if OPERATORS.isdisjoint(roles) else STAFF

"""Failures that consumers retry: our own infrastructure away (for ever), a dependency failing one message (for a while)."""

import psycopg

DATABASE_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
"""Lost connections, exhausted pools, deadlocks, serialisation failures, lock and statement time-outs."""


class Away(Exception):
    """Something that this service needs is away; nothing is wrong with the message."""


class DependencyFailed(Exception):
    """Another service failed a consumer for one message: retried up to 30 s, then its key is parked."""


AWAY = (*DATABASE_AWAY, Away)


def is_unstorable_text(error: BaseException) -> bool:
    """PostgreSQL keeps no NUL character in text or JSON: what carries one is wrong input, not a fault of ours."""
    cause = getattr(error, "orig", None) or error
    return isinstance(cause, psycopg.errors.UntranslatableCharacter) or (
        type(cause) is psycopg.DataError and "NUL" in str(cause)
    )

"""Failures that consumers retry: our own infrastructure away (for ever), a dependency failing one message (for a while)."""

import psycopg

DATABASE_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
"""Lost connections, exhausted pools, deadlocks, serialisation failures, lock and statement time-outs."""


class Away(Exception):
    """Something that this service needs is away; nothing is wrong with the message."""


class DependencyFailed(Exception):
    """Another service failed a consumer for one message: retried up to 30 s, then its key is parked."""


AWAY = (*DATABASE_AWAY, Away)

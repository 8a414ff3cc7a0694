"""Identifiers: a short prefix that names the kind, then a UUIDv7 so that ids sort by time."""

import uuid

import uuid_utils


def new_id(prefix: str) -> str:
    """Return for example ``ord_019ab…``: prefix, underscore, 32 hexadecimal digits of a UUIDv7."""
    return f"{prefix}_{uuid_utils.uuid7().hex}"


def new_event_id() -> uuid.UUID:
    """Return a UUIDv7 for ``ce_id``."""
    return uuid.UUID(int=uuid_utils.uuid7().int)

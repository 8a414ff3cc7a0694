"""What nobody needs any more."""

from datetime import timedelta

from chassis.db import HotTransaction

_EXPIRED = (
    "DELETE FROM sessions WHERE idle_until < now() OR expires_at < now()",
    "DELETE FROM refresh_families WHERE expires_at < now()",
    "DELETE FROM mail_tokens WHERE expires_at < now()",
    "DELETE FROM throttles WHERE charged_at < now() - interval '1 day' AND blocked_until < now()",
)
_OLD = (
    "DELETE FROM address_requests WHERE created_at < now() - %(life)s",
    "DELETE FROM registrations WHERE created_at < now() - %(life)s",
    "DELETE FROM mail_requests WHERE created_at < now() - %(life)s",
)


async def sweep(tx: HotTransaction, *, life: timedelta) -> None:
    """Delete what has expired, and registrations and mail requests older than ``life``."""
    for query in _EXPIRED:
        await tx.execute(query)
    for query in _OLD:
        await tx.execute(query, {"life": life})

"""Who somebody is to the other services: roles and shops, derived when asked, never stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

ANONYMOUS = "anonymous"
GUEST = "guest"
GRANTABLE = frozenset({"support", "admin"})
MEMBER_ROLES = {"owner": "seller-owner", "staff": "seller-staff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The content of an internal token. ``sellers``: seller id to ``owner`` | ``staff``. ``auth_time``: unix seconds."""

    subject: str
    roles: tuple[str, ...]
    sellers: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None
    auth_time: int = 0


def of_account(
    account_id: str,
    *,
    granted: Collection[str],
    sellers: Mapping[str, str],
    is_guest: bool,
    session: str,
    auth_time: int,
) -> Access:
    """Every account buys, a guest does nothing else; shops add a seller's role, operators' roles are granted."""
    derived = {MEMBER_ROLES[role] for role in sellers.values()}
    roles = tuple(sorted({"buyer", *([GUEST] if is_guest else [])} | derived | set(granted)))
    return Access(subject=account_id, roles=roles, sellers=dict(sellers), session=session, auth_time=auth_time)


def of_nobody() -> Access:
    return Access(subject=ANONYMOUS, roles=(ANONYMOUS,))


def of_service(name: str) -> Access:
    return Access(subject=f"service:{name}", roles=("service",))

"""Callers for tests."""

from edge.auth import Principal


def anonymous() -> Principal:
    return Principal(subject="anonymous", roles=frozenset({"anonymous"}))


def buyer(account_id: str = "acc_buyer") -> Principal:
    return Principal(subject=account_id, roles=frozenset({"buyer"}), session=f"ses_{account_id}")


def seller(member_of: str, account_id: str = "acc_owner", role: str = "owner") -> Principal:
    """Somebody of a shop; ``role`` is ``owner`` or ``staff``."""
    roles = frozenset({"buyer", f"seller-{role}"})
    return Principal(subject=account_id, roles=roles, memberships={member_of: role}, session=f"ses_{account_id}")


def operator(account_id: str = "acc_admin") -> Principal:
    return Principal(subject=account_id, roles=frozenset({"buyer", "admin"}), session=f"ses_{account_id}")


def service_principal(name: str) -> Principal:
    return Principal(subject=f"service:{name}", roles=frozenset({"service"}))

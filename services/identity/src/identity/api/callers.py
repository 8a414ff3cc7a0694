"""Who may call, as aliases for the routes."""

from typing import Annotated

from fastapi import Depends, Header, Path, Request

from edge.auth import Principal, allow, anyone
from edge.errors import Forbidden
from identity.domain.throttling import network_of

Anyone = Annotated[Principal, anyone()]
SignedIn = Annotated[Principal, allow("buyer")]
"""Every account buys, a guest's too; sellers and operators are such people with a confirmed address."""
Operator = Annotated[Principal, allow("support", "admin")]
Admin = Annotated[Principal, allow("admin")]
AnyService = Annotated[Principal, allow("service")]
SellerId = Annotated[str, Path(max_length=64)]
SellerIdOrHandle = Annotated[str, Path(max_length=64)]


def _network(halles_client_address: Annotated[str, Header(max_length=64)] = "") -> str:
    """The client's network as the gateway saw it; only holders of an internal token get here."""
    return network_of(halles_client_address)


def _device(request: Request) -> str:
    """What the client calls itself, for the person's own list of sign-ins."""
    return "".join(filter(str.isprintable, request.headers.get("user-agent", "")))[:200]


Network = Annotated[str, Depends(_network)]
Device = Annotated[str, Depends(_device)]


def require_service(principal: Principal, *names: str) -> None:
    """Raise ``Forbidden`` unless one of these services calls."""
    if principal.subject not in {f"service:{name}" for name in names}:
        raise Forbidden(f"Only {' and '.join(names)} may ask for this.")

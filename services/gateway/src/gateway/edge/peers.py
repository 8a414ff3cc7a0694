"""Who is at the other end: X-Forwarded-For counts only when a proxy that we trust wrote it (S55)."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network
_UNKNOWN = "unknown"
_PROXY_HEADERS = ("x-forwarded-for", "forwarded", "via")


class Peers:
    """``trusted`` are networks of our own proxies; ``insiders`` may read metrics."""

    def __init__(self, *, trusted: tuple[Network, ...], insiders: tuple[Network, ...]) -> None:
        self._trusted = trusted
        self._insiders = insiders

    def address(self, scope: Scope, headers: Headers) -> str:
        """The client's address: the nearest one that is not a trusted proxy."""
        peer = _peer(scope)
        hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        while hops and _within(peer, self._trusted):
            peer = hops.pop()
        return str(address) if (address := _address(peer)) else _UNKNOWN

    def is_insider(self, scope: Scope, headers: Headers) -> bool:
        """A direct connection from a network that may see the inside."""
        return _within(_peer(scope), self._insiders) and not any(name in headers for name in _PROXY_HEADERS)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else _UNKNOWN


def _within(text: str, networks: tuple[Network, ...]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in networks)


@lru_cache(4096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None

"""What the API is told about the person in front of the browser."""

from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.requests import Request

Network = IPv4Network | IPv6Network
_UNKNOWN = "0.0.0.0"  # noqa: S104 - a word for "no address", not a place to listen


class Visitors:
    """Addresses are believed from trusted proxies only."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        self._trusted = trusted

    def headers(self, request: Request) -> dict[str, str]:
        """The visitor's address for the API's limits, and the browser's name for the list of sign-ins."""
        agent = "".join(filter(str.isprintable, request.headers.get("user-agent", "")))[:200]
        return {"X-Forwarded-For": self.address(request), "User-Agent": agent}

    def address(self, request: Request) -> str:
        peer = request.client.host if request.client else _UNKNOWN
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        while hops and self._is_trusted(peer):
            peer = hops.pop()
        return peer if _is_address(peer) else _UNKNOWN

    def _is_trusted(self, peer: str) -> bool:
        return _is_address(peer) and any(ip_address(peer) in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

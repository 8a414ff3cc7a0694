"""Every port of the stack, as an offset from `HALLES_PORT_BASE`: the one place to change a port."""

from dataclasses import dataclass

DEFAULT_BASE = 8600

OFFSETS = {
    "web": 0,
    "gateway": 1,
    "identity": 11,
    "catalog": 12,
    "order": 13,
    "payment": 14,
    "messaging": 15,
    "review": 16,
    "logistics": 17,
    "analytics": 18,
    "stripe": 31,
    "mail": 32,
    "smtp": 33,
    "carrier": 34,
    "postgres": 41,
    "kafka": 42,
    "kafka-controller": 43,
    "opensearch": 44,
    "opensearch-transport": 45,
}

SERVICES = (
    "identity",
    "catalog",
    "order",
    "payment",
    "messaging",
    "review",
    "logistics",
    "analytics",
    "gateway",
    "web",
)
DATABASES = ("identity", "catalog", "order", "payment", "messaging", "review", "logistics", "analytics")
SERVERS = ("postgres", "kafka", "opensearch")
STANDIN_PORTS = ("stripe", "mail", "smtp", "carrier")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """The ports of one stack, counted from `base`."""

    base: int

    def of(self, name: str) -> int:
        """Return the port number of a process or listener named in `OFFSETS`."""
        return self.base + OFFSETS[name]

    def address(self, name: str) -> str:
        """Return `127.0.0.1:port`."""
        return f"{LOOPBACK}:{self.of(name)}"

    def url(self, name: str) -> str:
        """Return the address that processes use among themselves."""
        return f"http://{self.address(name)}"

    def public_url(self, name: str) -> str:
        """Return the address that is shown to people and written into mails."""
        return f"http://localhost:{self.of(name)}"

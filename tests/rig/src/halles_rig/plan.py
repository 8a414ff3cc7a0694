"""What runs in the rig and where it listens.

The services' ordinary ports belong to proxies, so everybody meets a proxy without being told; the processes behind them
listen on ports of their own. Servers and stand-ins keep their ordinary ports, for the checkers; services reach them through
proxies as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from halles_local import environment
from halles_local.ports import DATABASES, LOOPBACK, OFFSETS, Ports
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

PORT_OFFSET = 3000
SPLIT = ("order", "payment", "catalog")
WHOLE = ("identity", "messaging", "review", "logistics", "analytics")
SERVERS_BEHIND = ("kafka", "opensearch", "stripe", "smtp", "carrier")
_PROXIES = 100
_PROCESSES = 150
_BROKERS = 300

SETTINGS = {
    "GATEWAY_RATE_LIMIT_PER_MINUTE": "1000000",
    "ORDER_PAYMENT_SECONDS": "45",
    "ORDER_HOLD_SECONDS": "90",
    "ORDER_RESERVING_SECONDS": "5",
    "ORDER_RESEND_SECONDS": "3",
    "ORDER_LONGEST_PAUSE_SECONDS": "15",
    "PAYMENT_HOLD_SECONDS": "2",
    "LOG_LEVEL": "INFO",
}
"""Shorter than in the shop: what times out there in minutes has to be seen here in seconds."""


@dataclass(frozen=True)
class Role:
    """One process: `service` in a `role` (serve, api, worker, relay), `copy` tells equal ones apart."""

    service: str
    role: str
    copy: str = "a"

    @property
    def name(self) -> str:
        return f"{self.service}-{self.role}-{self.copy}"

    @property
    def serves(self) -> bool:
        """Whether requests may be sent to it."""
        return self.role in ("serve", "api")


def fleet() -> tuple[Role, ...]:
    """Every service process: three services in their roles with two workers each, two gateways, one of each other."""
    split = [
        Role(name, role, copy)
        for name in SPLIT
        for role, copy in (("api", "a"), ("relay", "a"), ("worker", "a"), ("worker", "b"))
    ]
    whole = [Role(name, "serve") for name in WHOLE]
    return (*whole, *split, Role("gateway", "serve", "a"), Role("gateway", "serve", "b"))


def rig_stack(stack: Stack) -> Stack:
    """The stack that the rig fills: three thousand ports above the ordinary one, in a folder of its own."""
    return replace(stack, home=stack.home / "rig" / "now", ports=Ports(stack.ports.base + PORT_OFFSET))


class Plan:
    """Ports and environments of one rig."""

    def __init__(self, stack: Stack, secrets: Secrets) -> None:
        self.stack = stack
        self._secrets = secrets
        self._given: dict[str, int] = {}
        self.brokers: str | None = None
        """Addresses of several brokers; None means the one behind its proxy."""

    def proxy_port(self, name: str) -> int:
        """Port of the proxy in front of a service, `db-<service>` or a server."""
        if name in OFFSETS and name not in SERVERS_BEHIND:
            return self.stack.ports.of(name)
        places = [*(f"db-{database}" for database in DATABASES), *SERVERS_BEHIND]
        return self.stack.ports.base + _PROXIES + places.index(name)

    def process_port(self, name: str) -> int:
        """Port of a process, given out at its first mention."""
        return self._given.setdefault(name, self.stack.ports.base + _PROCESSES + len(self._given))

    def broker_ports(self, number: int) -> tuple[int, int]:
        """Port and controller port of the n-th broker of a cluster."""
        first = self.stack.ports.base + _BROKERS + 2 * number
        return first, first + 1

    def environment(self, role: Role, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the process gets: the local stack's settings, with every address behind a proxy."""
        prefix = role.service.upper()
        values = environment.build(self.stack, role.service, self._secrets)
        values |= {name: text for name, text in SETTINGS.items() if name.startswith(prefix) or name == "LOG_LEVEL"}
        values |= self._behind_proxies(role.service, values)
        values[f"{prefix}_PORT"] = str(self.process_port(role.name))
        values[f"{prefix}_DRAIN_SECONDS"] = "2"
        if role.service in SPLIT:
            # Two workers share the partitions as pods without a name do; nobody wakes a relay that runs alone.
            values.pop(f"{prefix}_WORKER_INSTANCE", None)
            values[f"{prefix}_RELAY_POLL_SECONDS"] = "0.1"
        return values | dict(extra or {})

    def _behind_proxies(self, service: str, values: Mapping[str, str]) -> dict[str, str]:
        changed = {
            "KAFKA_BROKERS": self.brokers or f"{LOOPBACK}:{self.proxy_port('kafka')}",
            "OPENSEARCH_URL": f"http://{LOOPBACK}:{self.proxy_port('opensearch')}",
            "SMTP_URL": f"smtp://{LOOPBACK}:{self.proxy_port('smtp')}",
        }
        database = f"{service.upper()}_DATABASE_URL"
        if database in values:
            real, proxy = self.stack.ports.of("postgres"), self.proxy_port(f"db-{service}")
            changed[database] = values[database].replace(f":{real}/", f":{proxy}/")
        addresses = {"PAYMENT_STRIPE_ADDRESS": "stripe", "LOGISTICS_CARRIER_ADDRESS": "carrier"}
        for name, server in addresses.items():
            if name in values:
                changed[name] = f"http://{LOOPBACK}:{self.proxy_port(server)}"
        return changed

"""How guessing is slowed down: exponential, capped, never permanent (ASVS 6.3.1, OWASP API 4)."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Policy:
    """``free`` attempts cost nothing, then each doubles the wait up to ``longest``. After ``quiet`` all is forgotten."""

    free: int
    longest: timedelta
    quiet: timedelta

    def wait_after(self, attempts: int) -> timedelta:
        """Wait before the next attempt once ``attempts`` were made."""
        if attempts < self.free:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(attempts - self.free, 20)), self.longest)


ACCOUNT = Policy(free=10, longest=timedelta(minutes=15), quiet=timedelta(hours=24))
"""Per address, known or not. Charged before the password is looked at, so parallel guesses gain nothing."""

NETWORK = Policy(free=100, longest=timedelta(minutes=15), quiet=timedelta(minutes=15))
"""Per client address, failures only: many people share one."""


def network_of(address: str) -> str:
    """What a client's failures are counted by: its IPv4 address, its IPv6 /64, nothing for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


MAILS_APART = timedelta(seconds=30)
MAILS_A_DAY = 10
"""Per account and purpose: a stranger cannot fill somebody's mailbox."""

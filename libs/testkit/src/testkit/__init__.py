"""Help for tests on real servers: databases, deliveries, a client for a service's API, patience."""

from testkit.api import Answer, ApiClient
from testkit.databases import service_database
from testkit.delivery import Emitted, Tape, deliver, emitted
from testkit.patience import FakeClock, eventually
from testkit.people import anonymous, buyer, operator, seller, service_principal
from testkit.servers import Servers

__all__ = [
    "Answer",
    "ApiClient",
    "Emitted",
    "FakeClock",
    "Servers",
    "Tape",
    "anonymous",
    "buyer",
    "deliver",
    "emitted",
    "eventually",
    "operator",
    "seller",
    "service_database",
    "service_principal",
]

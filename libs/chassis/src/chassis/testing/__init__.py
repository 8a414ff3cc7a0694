"""Help for tests on real servers: databases, deliveries, a client for a service's API, patience."""

from chassis.testing.api import Answer, ApiClient
from chassis.testing.databases import service_database
from chassis.testing.delivery import Emitted, Tape, deliver, emitted
from chassis.testing.patience import FakeClock, eventually
from chassis.testing.people import anonymous, buyer, operator, seller, service_principal
from chassis.testing.servers import Servers

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

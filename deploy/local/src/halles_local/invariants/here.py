"""The sources of a local stack."""

from halles_local import kafka_access
from halles_local.invariants.sources import Sources
from halles_local.secret_files import Secrets
from halles_local.stack import Stack


def sources_of(stack: Stack) -> Sources:
    """Read as the superuser of the stack's own PostgreSQL."""
    secrets = Secrets(stack)
    passwords = secrets.passwords
    server = f"postgresql://postgres:{passwords['postgres']}@{stack.ports.address('postgres')}"
    return Sources(
        address=lambda service: f"{server}/{service}",
        brokers=kafka_access.brokers(stack, secrets),
        provider_url=stack.ports.url("stripe"),
        provider_token=passwords["standin-control"],
    )

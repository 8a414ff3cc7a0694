"""Where the test servers are. A missing one is a failure with the way out, never a skip."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses: ``postgres`` of a superuser, ``kafka`` host:port, ``opensearch`` URL."""

    postgres: str
    kafka: str
    opensearch: str

    @classmethod
    def from_environment(cls) -> "Servers":
        return cls(_of("TEST_POSTGRES_URL"), _of("TEST_KAFKA_BROKERS"), _of("TEST_OPENSEARCH_URL"))


def _of(name: str) -> str:
    if not (value := os.environ.get(name)):
        raise RuntimeError(
            f"{name} is not set: run the tests by `make test`, or `make infra-up` and take over what it prints"
        )
    return value

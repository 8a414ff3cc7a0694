"""How to reach Kafka: ``host:port[,host:port]``, or ``user:password@host:port…`` where the broker asks who is there.

One text, as a database's address is one, so that it passes through unchanged; with a user the client proves itself by
SASL/PLAIN. ``ProcessSettings`` builds it from KAFKA_BROKERS, KAFKA_USERNAME and KAFKA_PASSWORD.
"""

from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from faststream.security import SASLPlaintext


def address(servers: str, *, username: str | None = None, password: str = "") -> str:
    """The text for these servers and, if there is one, this user."""
    return f"{quote(username, safe='')}:{quote(password, safe='')}@{servers}" if username else servers


def connection(brokers: str) -> dict[str, Any]:
    """Arguments of any client of aiokafka."""
    _mend_writes()
    servers, user, password = _parts(brokers)
    if user is None:
        return {"bootstrap_servers": servers}
    return {
        "bootstrap_servers": servers,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": user,
        "sasl_plain_password": password,
    }


def faststream_connection(brokers: str) -> dict[str, Any]:
    """The same for FastStream's broker."""
    _mend_writes()
    servers, user, password = _parts(brokers)
    security = SASLPlaintext(username=user, password=password) if user is not None else None
    return {"bootstrap_servers": servers, "security": security}


def _parts(brokers: str) -> tuple[str, str | None, str]:
    proof, found, servers = brokers.rpartition("@")
    user, _, password = proof.partition(":")
    return servers, unquote(user) if found else None, unquote(password)


@cache
def _mend_writes() -> None:
    """Make a write to a connection that was reset meanwhile a ``KafkaConnectionError``.

    There uvloop raises ``RuntimeError``; aiokafka expects asyncio's ``OSError`` only. Its heartbeat then ended for good, and
    the consumer failed at every turn from there on: it read nothing more and took a core and memory without end (F-14).
    """
    from aiokafka.conn import AIOKafkaConnection, CloseReason  # noqa: PLC0415 - not every process talks to Kafka
    from aiokafka.errors import KafkaConnectionError, KafkaError  # noqa: PLC0415

    send: Any = AIOKafkaConnection.send

    def mended(self: Any, request: Any, expect_response: bool = True) -> Any:
        try:
            return send(self, request, expect_response)
        except KafkaError:  # a RuntimeError, too
            raise
        except RuntimeError as error:
            self.close(reason=CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"Connection at {self.host}:{self.port} broken: {error}") from error

    AIOKafkaConnection.send = mended  # type: ignore[method-assign]

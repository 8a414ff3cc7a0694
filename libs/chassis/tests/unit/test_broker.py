"""Connections to Kafka that break."""

import asyncio

import pytest
import uvloop
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from chassis.broker import connection


async def _write_to_a_reset_connection() -> None:
    served: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: served.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    kafka = AIOKafkaConnection("127.0.0.1", port)
    kafka._reader, kafka._writer = await asyncio.open_connection("127.0.0.1", port)
    kafka._protocol, kafka._versions = kafka._writer.transport.get_protocol(), {3: (0, 1)}
    kafka._read_task = asyncio.create_task(asyncio.sleep(0))
    kafka._writer.transport.abort()
    await asyncio.sleep(0)
    try:
        kafka.send(MetadataRequest([]))
    finally:
        server.close()
        for writer in served:
            writer.transport.abort()


def test_a_write_to_a_connection_that_was_reset_is_a_connection_error_of_kafka() -> None:
    connection("127.0.0.1:1")
    with (
        pytest.raises(KafkaConnectionError, match="broken"),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_write_to_a_reset_connection())

"""Where the facts are read: every service's tables, the topics, the payment provider's own book."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chassis.broker import connection
from runtime.inspect import places_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Sources:
    """``address``: a service's name to a libpq address that may read its tables. ``provider``: URL and token of the book."""

    address: Callable[[str], str]
    brokers: str
    provider_url: str
    provider_token: str
    _connections: dict[str, psycopg.Connection[Row]] = field(default_factory=dict, repr=False)

    def rows(self, service: str, query: str) -> list[Row]:
        """Rows of a service's database, each read in a transaction of its own."""
        if service not in self._connections:
            connection = psycopg.connect(self.address(service), autocommit=True, row_factory=dict_row)
            self._connections[service] = connection
        return self._connections[service].execute(query.encode()).fetchall()

    def provider_book(self) -> Any:
        """Charges, refunds and transfers as the provider has booked them."""
        headers = {"Authorization": f"Bearer {self.provider_token}"}
        request = urllib.request.Request(f"{self.provider_url}/_control/book", headers=headers)  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.load(answer)

    async def sequences(self, topics: list[str]) -> dict[tuple[str, str], list[int]]:
        """For each topic and key: the sequences in the log, first copies only, in log order."""
        from aiokafka import AIOKafkaConsumer  # noqa: PLC0415 - the command's start stays quick

        seen: dict[tuple[str, str], dict[int, None]] = {}
        consumer = AIOKafkaConsumer(**connection(self.brokers), auto_offset_reset="earliest")
        await consumer.start()
        try:
            places = await places_of(self.brokers, topics)
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=300)).values():
                    for record in records:
                        headers = dict(record.headers)
                        if headers.get("ce_replay") != b"true" and "ce_sequence" in headers:
                            key = (record.topic, (record.key or b"").decode())
                            seen.setdefault(key, {}).setdefault(int(headers["ce_sequence"]))
        finally:
            await consumer.stop()
        return {key: list(numbers) for key, numbers in seen.items()}

    async def sizes(self, topics: list[str]) -> dict[str, int]:
        """Records in each topic."""
        from aiokafka import AIOKafkaConsumer  # noqa: PLC0415

        consumer = AIOKafkaConsumer(**connection(self.brokers))
        await consumer.start()
        try:
            places = await places_of(self.brokers, topics)
            starts, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        sizes = dict.fromkeys(topics, 0)
        for place in places:
            sizes[place.topic] += ends[place] - starts[place]
        return sizes

    def close(self) -> None:
        for opened in self._connections.values():
            opened.close()
        self._connections.clear()

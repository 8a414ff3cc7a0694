"""Create the topics that the contracts declare, and their dead-letter topics.

`compose.yaml` runs this module in a container: `KAFKA_BROKERS=... python -m halles_local.topics`.
"""

import asyncio
import os
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

import contracts.topics
from chassis.broker import connection
from contracts.topics import Topic
from halles_local.errors import StackError

# One broker on one machine gains nothing from more; a cluster takes the number of the topic file.
MOST_PARTITIONS = 3


def create_missing(brokers: str) -> tuple[str, ...]:
    """Create what does not exist on `brokers` (host:port); return the names of the new topics."""
    wanted = (*contracts.topics.load(), *contracts.topics.dead_letter_topics())
    return asyncio.run(_create(brokers, wanted))


async def _create(brokers: str, wanted: tuple[Topic, ...]) -> tuple[str, ...]:
    admin = AIOKafkaAdminClient(**connection(brokers))
    try:
        await admin.start()
        existing = set(await admin.list_topics())
        missing = [topic for topic in wanted if topic.name not in existing]
        if missing:
            answer: Any = await admin.create_topics([_new(topic) for topic in missing])
            _raise_for_errors(answer.topic_errors)
    finally:
        await admin.close()
    return tuple(topic.name for topic in missing)


def _new(topic: Topic) -> NewTopic:
    return NewTopic(
        name=topic.name,
        num_partitions=min(topic.partitions, MOST_PARTITIONS),
        replication_factor=1,
        topic_configs=topic.config(),
    )


def _raise_for_errors(errors: list[tuple[str, int, str]]) -> None:
    for name, code, text in errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise StackError("kafka", f"topic {name} could not be created: {text}", advice="`make logs S=kafka`")


if __name__ == "__main__":
    for created in create_missing(os.environ["KAFKA_BROKERS"]):
        print(created)

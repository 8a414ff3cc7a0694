"""Base class of all events and commands."""

from typing import Any, ClassVar

from contracts.values import Value


class Event(Value):
    """A fact (past tense) or a command (imperative) on a topic.

    Subclasses name both in their class line: ``class OrderPlaced(Event, topic="order.order.v1", type="order.order-placed.v1")``.
    """

    topic: ClassVar[str]
    type: ClassVar[str]

    def __init_subclass__(cls, *, topic: str, type: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.topic = topic
        cls.type = type

    def to_json(self) -> bytes:
        """The data as compact JSON, the exact bytes that go to the outbox and to Kafka."""
        return self.__pydantic_serializer__.to_json(self)

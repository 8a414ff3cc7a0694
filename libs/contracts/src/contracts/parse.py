"""From a Kafka record to an event: known, unknown, or unreadable."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from contracts.envelope import BadEnvelope, Envelope, from_headers, split_type
from contracts.event import Event
from contracts.registry import BY_TYPE, MAJORS


class Unreadable(ValueError):
    """The record can never be understood by this reader: ``reason`` is a stable word, the message says more."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Parsed:
    """``data`` is None for a type that this release does not know: skip and count it."""

    envelope: Envelope
    data: Event | None


def parse(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Parsed:
    """Return the event in a record; raises ``Unreadable`` with reason ``bad-header``, ``tombstone``, ``unknown-major`` or ``bad-data``."""
    try:
        envelope = from_headers(headers)
    except BadEnvelope as error:
        raise Unreadable("bad-header", str(error)) from None
    model = BY_TYPE.get(envelope.type)
    if model is None:
        return _unknown(envelope)
    if value is None:
        raise Unreadable("tombstone", f"{envelope.type} has no data")
    try:
        return Parsed(envelope, model.__pydantic_validator__.validate_json(value))
    except ValidationError as error:
        raise Unreadable("bad-data", _summary(error)) from None


def _unknown(envelope: Envelope) -> Parsed:
    name, major = split_type(envelope.type)
    if name in MAJORS:
        raise Unreadable("unknown-major", f"{name} is known up to v{max(MAJORS[name])}, not v{major}")
    return Parsed(envelope, None)


def _summary(error: ValidationError) -> str:
    """Where and what, without the offending input: dead letters are read by people without a right to it."""
    first = error.errors(include_input=False, include_url=False)[0]
    place = "/".join(str(part) for part in first["loc"])
    return f"{error.error_count()} problem(s), first at /{place}: {first['msg']}"

"""CloudEvents 1.0 in Kafka's binary mode: attributes are ``ce_*`` headers, the record's value is the data (JSON).

Sources: CloudEvents 1.0.2, Kafka protocol binding, extensions ``sequence``, ``distributed-tracing``, ``correlation`` and
``data-classification``. The record's key is the subject (the aggregate's id).
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

CONTENT_TYPE = "application/json"
_TYPE = re.compile(r"^(?P<name>[a-z]+\.[a-z0-9-]+)\.v(?P<major>[1-9][0-9]*)$")
_SEQUENCE = re.compile(r"^[0-9]{20}$")
Headers = list[tuple[str, bytes]]


class BadEnvelope(ValueError):
    """The headers are not a CloudEvent of ours; the message says which one and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What travels beside the data.

    ``sequence`` counts the aggregate's events from 1. ``correlation_id`` is the request that started it all,
    ``causation_id`` the event or request that caused this one. ``time`` is for people, never for order.
    """

    id: uuid.UUID
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    replay: bool = False


def schema_address(type_: str) -> str:
    """``ce_dataschema``: the committed schema file of this type."""
    return f"https://halles.example/schemas/{type_}.json"


def to_headers(envelope: Envelope) -> Headers:
    """Encode for Kafka. Absent attributes have no header; values are UTF-8."""
    texts: list[tuple[str, str | None]] = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(envelope.id)),
        ("ce_type", envelope.type),
        ("ce_source", envelope.source),
        ("ce_subject", envelope.subject),
        ("ce_time", envelope.time.astimezone(UTC).isoformat().replace("+00:00", "Z")),
        ("ce_dataschema", schema_address(envelope.type)),
        ("ce_sequence", f"{envelope.sequence:020d}"),
        ("ce_correlationid", envelope.correlation_id),
        ("ce_causationid", envelope.causation_id),
        ("ce_traceparent", envelope.traceparent),
        ("ce_dataclassification", "internal"),
        ("ce_replay", "true" if envelope.replay else None),
        ("content-type", CONTENT_TYPE),
    ]
    return [(name, text.encode()) for name, text in texts if text is not None]


def from_headers(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """Decode from Kafka; raises ``BadEnvelope`` for null, non-UTF-8, missing or malformed headers."""
    texts = {name: _text(name, value) for name, value in headers if name.startswith("ce_")}
    if texts.get("ce_specversion") != "1.0":
        raise BadEnvelope("ce_specversion must be 1.0")
    return Envelope(
        id=_uuid(_required(texts, "ce_id")),
        type=_event_type(_required(texts, "ce_type")),
        source=_required(texts, "ce_source"),
        subject=_required(texts, "ce_subject"),
        time=_moment(_required(texts, "ce_time")),
        sequence=_sequence(_required(texts, "ce_sequence")),
        correlation_id=_required(texts, "ce_correlationid"),
        causation_id=texts.get("ce_causationid"),
        traceparent=texts.get("ce_traceparent"),
        replay=texts.get("ce_replay") == "true",
    )


def split_type(type_: str) -> tuple[str, int]:
    """``order.order-placed.v1`` -> (``order.order-placed``, 1); raises ``BadEnvelope`` for anything else."""
    match = _TYPE.match(type_)
    if match is None:
        raise BadEnvelope(f"ce_type {type_!r} is not <service>.<name>.v<major>")
    return match["name"], int(match["major"])


def _text(name: str, value: bytes | None) -> str:
    if value is None:
        raise BadEnvelope(f"header {name} is null")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise BadEnvelope(f"header {name} is not UTF-8") from None


def _required(texts: dict[str, str], name: str) -> str:
    if not (text := texts.get(name)):
        raise BadEnvelope(f"header {name} is missing")
    return text


def _event_type(text: str) -> str:
    split_type(text)
    return text


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise BadEnvelope(f"ce_id {text!r} is not a UUID") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadEnvelope(f"ce_time {text!r} is not RFC 3339") from None
    if moment.tzinfo is None:
        raise BadEnvelope("ce_time has no offset")
    return moment


def _sequence(text: str) -> int:
    if not _SEQUENCE.match(text):
        raise BadEnvelope("ce_sequence is not 20 digits")
    return int(text)

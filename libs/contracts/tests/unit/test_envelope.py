"""Our forty lines of CloudEvents mapping, and a second opinion on them by the CloudEvents SDK."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from scripts.contracts.examples import headers_of, read_examples
from scripts.contracts.folders import Folders
from scripts.tree import ROOT

from contracts.envelope import BadEnvelope, Envelope, Headers, from_headers, schema_address, split_type, to_headers
from contracts.ids import new_event_id, new_id

FULL = Envelope(
    id=uuid.UUID("019cebab-8995-7760-9820-fc1e1d0a4e90"),
    type="order.order-placed.v1",
    source="/services/order",
    subject="ord_1",
    time=datetime(2026, 3, 14, 9, 26, 53, 589000, tzinfo=UTC),
    sequence=7,
    correlation_id="req_1",
    causation_id="019cebab-8995-7760-9820-fc1e1d0a4e91",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    replay=True,
)


@pytest.mark.parametrize("envelope", [FULL, replace(FULL, causation_id=None, traceparent=None, replay=False)])
def test_what_was_written_is_read_back(envelope: Envelope) -> None:
    assert from_headers(to_headers(envelope)) == envelope


def test_absent_attributes_have_no_header() -> None:
    names = {name for name, _ in to_headers(replace(FULL, causation_id=None, traceparent=None, replay=False))}

    assert names.isdisjoint({"ce_causationid", "ce_traceparent", "ce_replay"})


def test_sequences_compare_as_text() -> None:
    texts = [dict(to_headers(replace(FULL, sequence=number)))["ce_sequence"] for number in (2, 10, 10**15)]

    assert texts == sorted(texts)


def test_time_is_written_in_utc() -> None:
    paris = FULL.time.astimezone(timezone(timedelta(hours=1)))

    assert dict(to_headers(replace(FULL, time=paris)))["ce_time"] == b"2026-03-14T09:26:53.589000Z"


def test_the_sdk_reads_what_we_write() -> None:
    event = from_binary(KafkaMessage(headers=dict(to_headers(FULL)), key="ord_1", value=b'{"a": 1}'), JSONFormat())

    assert event.get_id() == str(FULL.id)
    assert event.get_type() == FULL.type
    assert event.get_source() == FULL.source
    assert event.get_subject() == FULL.subject
    assert event.get_time() == FULL.time
    assert event.get_dataschema() == schema_address(FULL.type)
    assert event.get_extension("sequence") == "00000000000000000007"
    assert event.get_extension("correlationid") == FULL.correlation_id
    assert event.get_data() == {"a": 1}


def test_we_read_what_the_sdk_writes() -> None:
    value = json.dumps({"order_id": "ord_1"}).encode()
    theirs = from_binary(KafkaMessage(headers=dict(to_headers(FULL)), key=None, value=value), JSONFormat())

    message = to_binary(theirs, JSONFormat())

    assert from_headers(message.headers.items()) == FULL
    assert json.loads(message.value) == {"order_id": "ord_1"}


def test_the_sdk_reads_every_golden_example() -> None:
    for type_, examples in read_examples(Folders(ROOT)).items():
        for example in examples.values():
            value = json.dumps(example["value"]).encode()
            event = from_binary(
                KafkaMessage(headers=dict(headers_of(example)), key=example["key"], value=value), JSONFormat()
            )

            assert event.get_type() == type_
            assert event.get_data() == example["value"]


def without(name: str) -> Headers:
    return [(header, value) for header, value in to_headers(FULL) if header != name]


@pytest.mark.parametrize(
    "name",
    ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence", "ce_correlationid"],
)
def test_a_missing_header_is_named(name: str) -> None:
    with pytest.raises(BadEnvelope, match=name):
        from_headers(without(name))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_specversion", b"0.3"),
        ("ce_id", b"42"),
        ("ce_type", b"OrderPlaced"),
        ("ce_type", b"order.order-placed.v0"),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2026-03-14T09:26:53"),
        ("ce_sequence", b"7"),
        ("ce_subject", b""),
        ("ce_source", b"\xff\xfe"),
        ("ce_causationid", None),
    ],
)
def test_a_malformed_header_is_refused(name: str, value: bytes | None) -> None:
    headers: list[tuple[str, bytes | None]] = [*without(name), (name, value)]

    with pytest.raises(BadEnvelope):
        from_headers(headers)


def test_headers_of_others_are_ignored() -> None:
    assert from_headers([*to_headers(FULL), ("x-broker", None), ("other", b"\xff")]) == FULL


def test_a_type_has_a_name_and_a_major() -> None:
    assert split_type("order.order-placed.v12") == ("order.order-placed", 12)


def test_ids_sort_by_time_and_carry_their_kind() -> None:
    ids = [new_id("ord") for _ in range(100)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 100
    assert all(id_.startswith("ord_") and len(id_) == 36 for id_ in ids)
    assert new_event_id().version == 7

"""Traces of a real process, received by a real OTLP receiver: request, call, outbox, Kafka, consumer, and its own event."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import otlp_receiver
import pytest
from joserfc.jwk import OKPKey
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_receiver import Received, attributes, receiver
from spine_kit import Spine, has_effects
from spine_process import KIT, free_port, listens, serving

from testkit import eventually

pytestmark = [pytest.mark.infra, pytest.mark.timeout(120)]
_CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    return file


@asynccontextmanager
async def running(spine: Spine, received: Received, key_file: Path, **extra: str) -> AsyncIterator[str]:
    """The service with its address; stopped in the clean way at the end."""
    port = free_port()
    values = {
        "PYTHONPATH": os.pathsep.join([str(Path(otlp_receiver.__file__).parent), str(KIT)]),
        "SPINE_PORT": str(port),
        "SPINE_CLIENT_KEY_FILE": str(key_file),
        "SPINE_NEIGHBOUR": received.url,
        "IDENTITY_URL": received.url,
        **extra,
    }
    async with serving(spine, app="traced_app", **values):
        await eventually(lambda: listens(port), timeout=60)
        yield f"http://127.0.0.1:{port}"


async def post(url: str, key: str, **headers: str) -> Any:
    async with aiohttp.ClientSession() as http, http.post(f"{url}/v1/ticks/{key}", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


def only(spans: list[Span]) -> Span:
    (span,) = spans
    return span


async def test_a_request_and_what_follows_from_it_over_kafka_are_linked(spine: Spine, key_file: Path) -> None:
    with receiver() as received:
        telemetry = {"OTEL_EXPORTER_OTLP_ENDPOINT": received.url, "OTEL_TRACES_SAMPLER_ARG": "0"}
        async with running(spine, received, key_file, **telemetry) as url:
            await post(url, "unsampled")
            await eventually(lambda: has_effects(spine, 2), timeout=30)
            await post(url, "sampled", traceparent=f"{_CALLER}-01")
            await eventually(lambda: has_effects(spine, 4), timeout=30)

    request = only(received.named("POST /v1/ticks/{key}"))
    sends = received.named(f"send {spine.topic}")
    first = only([span for span in sends if span.trace_id == request.trace_id])
    consumed = received.named(f"process {spine.group}")
    begun = only([span for span in consumed if span.links[0].trace_id == request.trace_id])
    second = only([span for span in sends if span.trace_id == begun.trace_id])
    followed = only([span for span in consumed if span.links[0].trace_id == begun.trace_id])

    assert received.services == {"traced"}
    assert request.trace_id.hex() == _CALLER[3:35] and request.parent_span_id.hex() == _CALLER[36:]
    assert attributes(request)["http.response.status_code"] == 200
    calls = [span for span in received.spans if span.name == "POST neighbour"]
    assert {span.parent_span_id for span in calls} == {request.span_id}
    assert received.calls["/asked"] in [f"00-{request.trace_id.hex()}-{span.span_id.hex()}-01" for span in calls]
    assert first.parent_span_id == request.span_id and first.kind == Span.SPAN_KIND_PRODUCER
    for span in (begun, followed):
        assert span.kind == Span.SPAN_KIND_CONSUMER and not span.parent_span_id
        assert attributes(span)["messaging.consumer.group.name"] == spine.group
    assert begun.links[0].span_id == request.span_id and followed.links[0].span_id == begun.span_id
    assert len({request.trace_id, begun.trace_id, followed.trace_id}) == 3 and second.parent_span_id == begun.span_id
    assert (len(sends), len(consumed)) == (2, 2)


async def test_without_an_address_nothing_of_it_is_imported_and_the_callers_trace_goes_on(
    spine: Spine, key_file: Path
) -> None:
    with receiver() as received:
        async with running(spine, received, key_file) as url:
            assert await post(url, "quiet", traceparent=f"{_CALLER}-01") == []
            await eventually(lambda: has_effects(spine, 2), timeout=30)

    records = await spine.read(spine.topic)
    assert received.spans == [] and received.calls["/asked"] == f"{_CALLER}-01"
    assert {dict(record.headers)["ce_traceparent"] for record in records} == {f"{_CALLER}-01".encode()}


async def test_a_collector_that_is_away_holds_nothing_up(spine: Spine, key_file: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with receiver() as received:
        telemetry = {"OTEL_EXPORTER_OTLP_ENDPOINT": nowhere, "OTEL_TRACES_SAMPLER_ARG": "1"}
        async with running(spine, received, key_file, **telemetry) as url:
            await post(url, "alone")
            await eventually(lambda: has_effects(spine, 2), timeout=30)

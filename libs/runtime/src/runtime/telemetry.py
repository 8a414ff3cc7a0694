"""Traces to an OTLP collector. Imported only when an address for them is set: without one nothing of this costs anything.

The SDK reads its own standard variables (``OTEL_…``): address, headers, time-out, batch sizes, resource. Ours is the default
sampling: 5 % of what begins here, and what the caller or an event's trace has decided.
"""

import asyncio
import threading
from collections.abc import Sequence

import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from chassis import tracing

log = structlog.get_logger()
_FLUSH_SECONDS = 5.0


class LinkBased(Sampler):
    """A trace that begins with links to a sampled one is sampled; others as ``otherwise`` says."""

    def __init__(self, otherwise: Sampler) -> None:
        self._otherwise = otherwise

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        sampler = ALWAYS_ON if kind == SpanKind.CONSUMER and links else self._otherwise
        return sampler.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        return f"LinkBased({self._otherwise.get_description()})"


class Telemetry:
    """Spans of this process, sent in batches by a thread of their own. ``ratio``: share of new traces that are sampled."""

    def __init__(self, service: str, *, ratio: float) -> None:
        resource = Resource.create({"service.name": service, "service.namespace": "halles"})
        sampler = LinkBased(ParentBased(TraceIdRatioBased(ratio)))
        self._provider = TracerProvider(resource=resource, sampler=sampler, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        tracing.switch_on(self._provider.get_tracer("halles"))

    async def stop(self) -> None:
        """Send what is left, for a few seconds at most: a collector that is away must not hold up a stop."""
        tracing.switch_on(None)
        closing = threading.Thread(target=self._provider.shutdown, name="telemetry-stop", daemon=True)
        closing.start()
        await asyncio.to_thread(closing.join, _FLUSH_SECONDS)
        if closing.is_alive():
            log.warning("telemetry.left_spans")

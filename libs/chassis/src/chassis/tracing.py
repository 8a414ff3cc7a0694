"""Hooks for spans (OpenTelemetry). All of them do nothing, at the cost of one comparison, until ``switch_on`` was called.

The outbox row keeps the ``traceparent`` of the work that wrote it: the relay's send joins that trace. A consumer's work is a
trace of its own that *links* to those of its events, so that a replay months later does not extend an old one. Work is
traced when it, or an event that it handles, belongs to a sampled trace. Names: OpenTelemetry's conventions for HTTP and
messaging (the latter are still in development).
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer

_tracer: Tracer | None = None
OFF: AbstractContextManager[Span] = nullcontext(trace.INVALID_SPAN)
"""No span."""
_MOST_LINKS = 128
_LENGTH = 55
_SERVER_ERROR = 500


def switch_on(tracer: Tracer | None) -> None:
    """Spans begin to be made by ``tracer``; None ends it."""
    global _tracer
    _tracer = tracer


def traceparent(given: str | None = None) -> str | None:
    """W3C ``traceparent`` of the span in hand; ``given`` when there is none."""
    if _tracer is None:
        return given
    here = trace.get_current_span().get_span_context()
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}" if here.is_valid else given


def serving(method: str, given: str | None, *, believed: bool) -> AbstractContextManager[Span]:
    """Span of a request. The caller's ``traceparent`` is its parent when believed, else only linked to."""
    if _tracer is None:
        return OFF
    caller = _parse(given)
    parent, links = (_under(caller), ()) if believed or caller is None else (Context(), (Link(caller),))
    return _span(method, SpanKind.SERVER, context=parent, links=links, attributes={"http.request.method": method})


def served(span: Span, method: str, *, route: str, status: int) -> None:
    """What is known of the request when it is answered; ``route`` is the template."""
    if span.is_recording():
        span.update_name(f"{method} {route}")
        span.set_attributes({"http.route": route, "http.response.status_code": status})
        if status >= _SERVER_ERROR:
            span.set_status(StatusCode.ERROR)


def calling(upstream: str, method: str) -> AbstractContextManager[Span]:
    """Span of a call to another service."""
    if _tracer is None:
        return OFF
    attributes = {"http.request.method": method, "server.address": upstream}
    return _span(f"{method} {upstream}", SpanKind.CLIENT, attributes=attributes)


def called(span: Span, outcome: str) -> None:
    """``outcome``: the status, or a word when there was none."""
    if span.is_recording():
        number = outcome.isdigit()
        span.set_attribute("http.response.status_code" if number else "error.type", int(outcome) if number else outcome)
        if not number or int(outcome) >= _SERVER_ERROR:
            span.set_status(StatusCode.ERROR)


def carry(headers: MutableMapping[str, str], given: str | None) -> None:
    """Put the ``traceparent`` of the span in hand, else the given one, into the headers of a call."""
    if found := traceparent(given):
        headers["traceparent"] = found


@contextmanager
def _sending(tracer: Tracer, rows: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    spans = [
        tracer.start_span(
            f"send {row['topic']}",
            context=_under(caller),
            kind=SpanKind.PRODUCER,
            attributes=_messaging("send", row["topic"]) | {"messaging.message.id": str(row["event_id"])},
        )
        for row in rows
        if (caller := _sampled(row["traceparent"]))
    ]
    try:
        yield
    except Exception:
        for span in spans:
            span.set_status(StatusCode.ERROR)
        raise
    finally:
        for span in spans:
            span.end()


def sending(rows: Sequence[Mapping[str, Any]]) -> AbstractContextManager[object]:
    """Spans of the relay's send: one for each outbox row of a sampled trace, inside that trace."""
    return OFF if _tracer is None else _sending(_tracer, rows)


def consuming(group: str, records: Sequence[Any]) -> AbstractContextManager[Span]:
    """Span of a batch, a trace of its own with links to the sampled traces of its records; none when there is no such record."""
    if _tracer is None:
        return OFF
    callers = {caller.span_id: caller for record in records if (caller := _sampled(_header(record)))}
    if not callers:
        return OFF
    topic = records[0].topic
    attributes = _messaging("process", topic) | {
        "messaging.consumer.group.name": group,
        "messaging.batch.message_count": len(records),
    }
    links = [Link(caller) for caller in list(callers.values())[:_MOST_LINKS]]
    return _span(f"process {group}", SpanKind.CONSUMER, context=Context(), links=links, attributes=attributes)


def _span(name: str, kind: SpanKind, **options: Any) -> AbstractContextManager[Span]:
    if _tracer is None:
        return OFF
    return _tracer.start_as_current_span(
        name, kind=kind, record_exception=False, set_status_on_exception=False, **options
    )


def _messaging(operation: str, topic: str) -> dict[str, Any]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
    }


def _header(record: Any) -> str | None:
    for name, value in record.headers:
        if name == "ce_traceparent" and value is not None:
            return str(value, "latin-1")
    return None


def _sampled(text: str | None) -> SpanContext | None:
    found = _parse(text)
    return found if found is not None and found.trace_flags.sampled else None


def _parse(text: str | None) -> SpanContext | None:
    """Of version 00 of W3C Trace Context; None for anything else, since texts from outside come through here."""
    if text is None or len(text) != _LENGTH or not text.startswith("00-"):
        return None
    try:
        trace_id, span_id, flags = (int(part, 16) for part in text[3:].split("-"))
    except ValueError:
        return None
    found = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return found if found.is_valid else None


def _under(caller: SpanContext | None) -> Context:
    return Context() if caller is None else trace.set_span_in_context(NonRecordingSpan(caller), Context())

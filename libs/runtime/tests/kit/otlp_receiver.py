"""A real OTLP/HTTP receiver on loopback, which also plays identity and the upstream of the traced service."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Received:
    """``spans`` as they came, ``services`` that sent them, ``calls``: path and traceparent of everything else."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    calls: dict[str, str | None] = field(default_factory=dict)

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def take(self, body: bytes) -> None:
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            told = {attribute.key: attribute.value.string_value for attribute in group.resource.attributes}
            self.services.add(told["service.name"])
            for scope in group.scope_spans:
                self.spans.extend(scope.spans)


def attributes(span: Span) -> dict[str, str | int]:
    return {
        one.key: one.value.string_value or one.value.int_value
        for one in span.attributes
    }  # fmt: skip


@contextmanager
def receiver() -> Iterator[Received]:
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.path == "/v1/traces":
                received.take(body)
                self._answer(b"", "application/x-protobuf")
                return
            received.calls[self.path] = self.headers.get("traceparent")
            answer = {"expires_at": time.time() + 60, "tokens": {"neighbour": "token"}}
            self._answer(orjson.dumps(answer), "application/json")

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Not into the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

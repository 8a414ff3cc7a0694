"""Logs: one JSON object a line on standard output, with the correlation of what it tells about."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog

from chassis import context, tracing


def configure(service: str, level: str, *, file: TextIO = sys.stdout) -> None:
    """Set up structlog and route the standard library's warnings and errors through it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_cause(service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=file),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_ToStructlog()], force=True)


class _ToStructlog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        log.log(
            record.levelno, "library.message", logger=record.name, message=record.getMessage(), exc_info=record.exc_info
        )


def _add_cause(service: str) -> structlog.typing.Processor:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        cause = context.known()
        if cause is not None:
            event["correlation_id"] = cause.correlation_id
        if trace := tracing.traceparent(cause.traceparent if cause is not None else None):
            event["trace_id"] = trace[3:35]
        return event

    return add


def _dumps(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()

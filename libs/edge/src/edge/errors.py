"""Errors that people and programs can act on (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from chassis import context
from chassis.failures import DATABASE_AWAY, Away, is_unstorable_text

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with the input. ``pointer`` is a JSON pointer into the body, or ``?name`` for a query parameter."""

    pointer: str
    code: str
    detail: str


class AppError(Exception):
    """A refusal with a stable ``code``. Subclasses set ``status``, ``code`` and ``title``; ``detail`` is for a person."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Bad request"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[Violation] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.extra = extra


class NotFound(AppError):
    """Unknown, or not yours: the answer is the same."""

    status = 404
    code = "not-found"
    title = "Not found"


class Conflict(AppError):
    status = 409
    code = "conflict"
    title = "Conflict with the current state"


class Unauthenticated(AppError):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(AppError):
    status = 403
    code = "forbidden"
    title = "Not allowed"


class Unavailable(AppError, Away):
    """Something that this service needs is away. Consumers retry for ever; HTTP answers 503 with Retry-After."""

    status = 503
    code = "unavailable"
    title = "Temporarily unavailable"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail, headers={"Retry-After": "2"}, **extra)


def problem(
    status: int, code: str, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any
) -> Response:
    """Build an ``application/problem+json`` answer (RFC 9457)."""
    body = {"type": f"/problems/{code}", "code": code, "title": title, "status": status, "detail": detail}
    body |= {"instance": context.current().correlation_id, **extra}
    return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")


def from_app_error(error: AppError) -> Response:
    errors = [asdict(violation) for violation in error.errors]
    extra = {**error.extra, **({"errors": errors} if errors else {})}
    return problem(error.status, error.code, error.title, error.detail, headers=error.headers, **extra)


def install(app: FastAPI) -> None:
    """Render every expected failure of the API as a problem; the middleware does it for the others (``crashed``)."""

    @app.exception_handler(AppError)
    async def refused(_: Request, error: AppError) -> Response:
        return from_app_error(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        violations = [asdict(_violation(item)) for item in error.errors()]
        detail = "Some of the input is not valid; see errors."
        return problem(422, "invalid-request", "Invalid request", detail, errors=violations)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        code = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.status_code, "bad-request")
        return problem(error.status_code, code, str(error.detail), str(error.detail), headers=error.headers)

    async def away(_: Request, error: Exception) -> Response:
        return database_away(error)

    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, away)


def crashed(error: Exception) -> Response:
    """The answer to a failure that nobody expected: recorded with its cause, and says nothing."""
    if is_unstorable_text(error):
        return problem(422, "invalid-request", "Invalid request", "Text may not contain the character NUL (U+0000).")
    log.error("request.crashed", exc_info=error)
    return problem(500, "internal-error", "Internal error", "Something went wrong on our side. It has been recorded.")


def database_away(error: Exception) -> Response:
    """The answer while the database cannot be reached or is too slow."""
    log.warning("request.database_away", error=str(error))
    return from_app_error(Unavailable("The database did not answer in time. Try again in a moment."))


def _violation(item: Mapping[str, Any]) -> Violation:
    place, *path = item["loc"]
    joined = "/".join(str(part) for part in path)
    pointer = f"/{joined}" if place == "body" else f"?{joined}"
    return Violation(pointer=pointer, code=str(item["type"]).replace("_", "-"), detail=str(item["msg"]))

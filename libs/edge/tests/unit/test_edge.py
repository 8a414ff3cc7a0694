"""The one middleware: request ids, deadlines, metrics; and the declarations that every route owes."""

import time
from typing import Annotated

import pytest
from edge_kit import answer_of, api_of
from fastapi import APIRouter, FastAPI
from structlog.testing import capture_logs

from chassis import context
from chassis.metrics import REQUESTS
from edge.auth import Principal, allow, anyone, unauthenticated


def router(calls: list[str]) -> APIRouter:
    made = APIRouter(dependencies=[unauthenticated("a test")])

    @made.get("/things/{thing_id}")
    async def read(thing_id: str) -> str:
        calls.append(thing_id)
        return context.current().correlation_id

    return made


async def test_a_request_gets_an_id_that_its_work_and_its_answer_carry() -> None:
    answer = await answer_of(api_of(router([])), "/things/1")

    assert answer.headers["halles-request-id"].startswith("req_")
    assert answer.json() == answer.headers["halles-request-id"]


async def test_the_id_of_the_caller_is_kept() -> None:
    answer = await answer_of(api_of(router([])), "/things/1", headers={"Halles-Request-Id": "req_from_outside"})

    assert answer.json() == answer.headers["halles-request-id"] == "req_from_outside"


@pytest.mark.parametrize(("offset", "status"), [(-1000, 503), (60_000, 200)])
async def test_after_the_deadline_of_the_caller_nothing_is_done(offset: int, status: int) -> None:
    calls: list[str] = []
    deadline = str(int(time.time() * 1000) + offset)

    answer = await answer_of(api_of(router(calls)), "/things/1", headers={"X-Request-Deadline": deadline})

    assert (answer.status, len(calls)) == (status, 1 if status == 200 else 0)


@pytest.mark.parametrize("deadline", ["soon", "", "-5", "１"])
async def test_a_deadline_that_is_no_time_is_ignored(deadline: str) -> None:
    answer = await answer_of(api_of(router([])), "/things/1", headers={"X-Request-Deadline": deadline})

    assert answer.status == 200


async def test_requests_are_counted_by_template_and_logged_once_with_their_path() -> None:
    counter = REQUESTS.labels("/things/{thing_id}", "GET", "2xx")
    before = counter._value.get()

    with capture_logs() as logged:
        await answer_of(api_of(router([])), "/things/42")

    assert counter._value.get() == before + 1
    (line,) = [line for line in logged if line["event"] == "request.done"]
    assert (line["path"], line["status"]) == ("/things/42", 200)


async def test_an_unknown_path_makes_no_series_of_its_own() -> None:
    counter = REQUESTS.labels("unmatched", "GET", "4xx")
    before = counter._value.get()

    await answer_of(api_of(router([])), "/things/1/nowhere")

    assert counter._value.get() == before + 1


def test_an_app_with_a_route_that_declares_no_caller_does_not_start() -> None:
    bare = APIRouter()

    @bare.get("/open-by-mistake")
    async def oops() -> None: ...

    with pytest.raises(RuntimeError, match=r"\['GET'\] /open-by-mistake"):
        api_of(bare)


def test_routes_that_are_no_routes_of_ours_are_refused_too() -> None:
    mounted = APIRouter()
    mounted.mount("/files", FastAPI())

    with pytest.raises(RuntimeError, match="/files"):
        api_of(mounted)


def test_a_router_inside_a_router_is_seen() -> None:
    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/outer")

    @inner.get("/bare")
    async def oops() -> None: ...

    outer.include_router(inner)

    with pytest.raises(RuntimeError, match="/outer/inner/bare"):
        api_of(outer)


@pytest.mark.parametrize("guard", [allow("buyer"), anyone(), unauthenticated("a test")])
def test_each_kind_of_declaration_is_enough(guard: object) -> None:
    declared = APIRouter()

    @declared.get("/declared")
    async def read(_: Annotated[Principal | None, guard]) -> None: ...

    assert "/declared" in api_of(declared).openapi()["paths"]


def test_nobody_is_not_a_role() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        allow()


async def test_readiness_says_what_is_missing_and_liveness_does_not_ask() -> None:
    app = api_of(router([]))

    async def check() -> str | None:
        return "database: away"

    app.state.health.checks.append(check)
    starting = await answer_of(app, "/readyz")
    app.state.health.started = True
    app.state.health.draining = True
    draining = await answer_of(app, "/readyz")

    assert (starting.status, starting.json()["problems"]) == (503, ["database: away", "starting"])
    assert (draining.status, draining.json()["problems"]) == (503, ["database: away", "draining"])
    assert (await answer_of(app, "/livez")).status == 200

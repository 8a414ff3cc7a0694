"""Every failure is a problem that helps its reader and tells an attacker nothing (RFC 9457)."""

from collections.abc import Callable
from typing import Annotated

import psycopg
import pytest
from edge_kit import answer_of, api_of
from fastapi import APIRouter, HTTPException
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, ConfigDict, Field

from edge.auth import unauthenticated
from edge.errors import AppError, Conflict, Forbidden, NotFound, Unauthenticated, Unavailable, Violation
from testkit import Answer, ApiClient

SECRET = "SELECT password FROM accounts"


class SoldOut(AppError):
    status = 409
    code = "sold-out"
    title = "Sold out"


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    quantity: Annotated[int, Field(ge=1, le=99)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lines: list[Line]


def router_that(fails: Callable[[], object] | None = None) -> APIRouter:
    router = APIRouter(dependencies=[unauthenticated("a test")])

    @router.get("/fails")
    async def fail() -> None:
        if fails is not None:
            fails()

    @router.post("/lines")
    async def lines(body: Body, page: int = 1) -> int:
        return len(body.lines) + page

    return router


async def failing_with(error: Exception) -> Answer:
    def fails() -> None:
        raise error

    return await answer_of(api_of(router_that(fails)), "/fails")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (SoldOut("Only two are left."), 409, "sold-out"),
        (NotFound("There is no such order."), 404, "not-found"),
        (Conflict("It is shipped already."), 409, "conflict"),
        (Unauthenticated("Sign in."), 401, "unauthenticated"),
        (Forbidden("Ask the owner."), 403, "forbidden"),
        (Unavailable("Search is away."), 503, "unavailable"),
        (psycopg.OperationalError(SECRET), 503, "unavailable"),
        (psycopg.InterfaceError(SECRET), 503, "unavailable"),
        (DeadlockDetected(SECRET), 503, "unavailable"),
        (SerializationFailure(SECRET), 503, "unavailable"),
        (PoolTimeout(SECRET), 503, "unavailable"),
        (HTTPException(413, "Too large"), 413, "too-large"),
        (RuntimeError(SECRET), 500, "internal-error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_each_failure_is_a_problem_with_a_stable_code(error: Exception, status: int, code: str) -> None:
    answer = await failing_with(error)

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"/problems/{code}"
    assert problem["title"] and problem["detail"]
    assert problem["instance"] == answer.headers["halles-request-id"]
    assert not any(word in answer.body for word in (b"SELECT", b"Traceback", b"psycopg", b".py"))
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_an_unknown_path_and_a_wrong_method_are_problems_too() -> None:
    client = ApiClient(api_of(router_that()))

    nowhere, wrong = await client.request("GET", "/nowhere"), await client.request("DELETE", "/fails")

    assert (nowhere.status, nowhere.json()["code"]) == (404, "not-found")
    assert (wrong.status, wrong.json()["code"], wrong.headers["allow"]) == (405, "method-not-allowed", "GET")


async def test_details_and_extra_fields_travel() -> None:
    violation = Violation("/lines/0/quantity", "too-many", "Only two are left.")
    answer = await failing_with(SoldOut("Not enough.", errors=[violation], headers={"X-Left": "2"}, offer_id="off_1"))

    assert answer.json()["errors"] == [
        {"pointer": "/lines/0/quantity", "code": "too-many", "detail": "Only two are left."}
    ]
    assert (answer.json()["offer_id"], answer.headers["x-left"]) == ("off_1", "2")


@pytest.mark.parametrize(
    ("path", "body", "pointer", "code"),
    [
        ("/lines", {"lines": [{"quantity": 1}, {"quantity": 0}]}, "/lines/1/quantity", "greater-than-equal"),
        ("/lines", {"lines": [{"quantity": 10**9}]}, "/lines/0/quantity", "less-than-equal"),
        ("/lines", {"lines": [{"quantity": "many"}]}, "/lines/0/quantity", "int-parsing"),
        ("/lines", {"lines": [{"quantity": 1, "price": 1}]}, "/lines/0/price", "extra-forbidden"),
        ("/lines", {}, "/lines", "missing"),
        ("/lines?page=x", {"lines": []}, "?page", "int-parsing"),
    ],
)
async def test_wrong_input_is_named_by_pointer(path: str, body: object, pointer: str, code: str) -> None:
    answer = await ApiClient(api_of(router_that())).request("POST", path, json=body)

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("body", [b"{nonsense", b"\xff\xfe", b'{"lines": [' * 3, b"[" * 100_000])
async def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    answer = await ApiClient(api_of(router_that())).request("POST", "/lines", content=body)

    assert answer.status in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"

"""Hot routes answer plain questions; everything else is left to the ordinary route of the same path."""

from typing import Annotated, Any

import pytest
from edge_kit import settings
from fastapi import APIRouter, FastAPI, Query
from psycopg import OperationalError
from pydantic import BaseModel

from edge.auth import Guard, Principal, anyone
from edge.errors import NotFound
from edge.hot import HotRoute, Question, to_json
from edge.http import create_api
from testkit import Answer, ApiClient, anonymous, buyer


class Amount(BaseModel):
    amount: int


def router() -> APIRouter:
    made = APIRouter(dependencies=[anyone()])

    @made.get("/things")
    async def things(limit: Annotated[int, Query(le=10)] = 5) -> str:
        return f"ordinary {limit}"

    @made.put("/things/{thing_id}/amount")
    async def put(thing_id: str, request: Amount) -> str:
        return f"ordinary {thing_id} {request.amount}"

    return made


async def hot_things(question: Question, caller: Principal) -> bytes | None:
    limit = question.query.get("limit", "5")
    return to_json(f"hot {limit} for {caller.subject}") if len(limit) == 1 else None


async def hot_put(question: Question, _: Principal) -> bytes | None:
    match question.path_id:
        case "unknown":
            raise NotFound("There is no such thing.")
        case "away":
            raise OperationalError("the server closed the connection")
        case "bug":
            raise ZeroDivisionError
        case "odd":
            return None
    return to_json(f"hot {question.path_id} {question.header(b'x-colour')} {question.body.decode()}")


@pytest.fixture
def api() -> ApiClient:
    hot = [
        HotRoute(method="GET", path="/things", guard=Guard(), parameters=frozenset({"limit"}), answer=hot_things),
        HotRoute(
            method="PUT",
            path="/things/{thing_id}/amount",
            guard=Guard(frozenset({"buyer"})),
            has_body=True,
            answer=hot_put,
        ),
    ]
    app: FastAPI = create_api("spine", routers=[router()], settings=settings(), hot=hot)
    return ApiClient(app, buyer("acc_1"))


async def put(api: ApiClient, thing_id: str, **more: Any) -> Answer:
    return await api.request("PUT", f"/things/{thing_id}/amount", json={"amount": 3}, **more)


async def test_a_plain_question_is_answered_with_its_id_type_and_length(api: ApiClient) -> None:
    answer = await api.request("GET", "/things?limit=7")

    assert (answer.status, answer.json()) == (200, "hot 7 for acc_1")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["halles-request-id"].startswith("req_")


@pytest.mark.parametrize("query", ["limit=07", "limit=7&limit=7", "limit=7&more=1"])
async def test_an_unusual_question_takes_the_ordinary_road(api: ApiClient, query: str) -> None:
    assert (await api.request("GET", f"/things?{query}")).json() == "ordinary 7"


async def test_what_is_wrong_is_refused_by_the_ordinary_road(api: ApiClient) -> None:
    answer = await api.request("GET", "/things?limit=11")

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")


async def test_the_body_is_read_once_and_reaches_whichever_road_answers(api: ApiClient) -> None:
    hot, odd = await put(api, "thing-1", headers={"X-Colour": "red"}), await put(api, "odd")

    assert hot.json() == 'hot thing-1 red {"amount":3}'
    assert odd.json() == "ordinary odd 3"


async def test_an_id_that_no_id_looks_like_takes_the_ordinary_road(api: ApiClient) -> None:
    assert (await put(api, "a.b")).json() == "ordinary a.b 3"


async def test_refusals_are_problems(api: ApiClient) -> None:
    answer = await put(api, "unknown")

    assert (answer.status, answer.json()["code"]) == (404, "not-found")


async def test_a_database_that_is_away_is_503_and_a_bug_500(api: ApiClient) -> None:
    away, bug = await put(api, "away"), await put(api, "bug")

    assert (away.status, away.headers["retry-after"]) == (503, "2")
    assert (bug.status, bug.json()["code"]) == (500, "internal-error")


async def test_the_guard_decides_before_anything_else(api: ApiClient) -> None:
    answer = await put(api.acting_as(anonymous()), "thing-1")

    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")


async def test_without_a_token_nothing_is_answered(api: ApiClient) -> None:
    assert (await api.acting_as(None).request("GET", "/things")).status == 401

"""One effect per key, whatever clients repeat: decided in the transaction of the effect."""

import asyncio
from typing import Annotated, Any

import orjson
import pytest
from edge_kit import api_of
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from chassis.db import Database
from edge import idempotency
from edge.auth import Principal, allow
from edge.errors import Conflict
from edge.idempotency import IdempotencyKey
from testkit import Answer, ApiClient, buyer, eventually

pytestmark = pytest.mark.infra


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    value: int


class Shop:
    """A route with an effect; ``hold`` keeps its transaction open, ``refuse`` makes it fail after the effect."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.hold: asyncio.Event | None = None
        self.entered = 0
        self.refuse = False
        self.app = api_of(self._router(), db=db)

    def _router(self) -> APIRouter:
        router = APIRouter()

        @router.post("/wishes")
        async def wish(
            body: Wish,
            key: Annotated[IdempotencyKey, idempotency.required()],
            principal: Annotated[Principal, allow("buyer")],
        ) -> Response:
            return await self._wish(body, key, principal)

        return router

    async def _wish(self, body: Wish, key: IdempotencyKey, principal: Principal) -> Response:
        async with self.db.hot_transaction() as tx:
            if replay := await key.replay(tx, principal):
                return replay
            await tx.execute("INSERT INTO effects (key, value) VALUES (%s, %s)", (principal.subject, body.value))
            self.entered += 1
            if self.hold is not None:
                await self.hold.wait()
            if self.refuse:
                raise Conflict("Not now.")
            return await key.store(tx, principal, 202, orjson.dumps({"wish": self.entered}))

    async def post(self, key: str | None, value: int = 1, *, who: str = "acc_1") -> Answer:
        headers = {} if key is None else {"Idempotency-Key": key}
        client = ApiClient(self.app, buyer(who))
        return await client.request("POST", "/wishes", json={"value": value}, headers=headers)

    async def effects(self) -> list[tuple[str, int]]:
        async with self.db.reading() as tx:
            return [(row["key"], row["value"]) for row in await tx.rows("SELECT key, value FROM effects ORDER BY n")]


@pytest.fixture
def shop(db: Database) -> Shop:
    return Shop(db)


async def test_the_same_request_again_gets_the_stored_answer_and_has_no_effect(shop: Shop) -> None:
    first, again = await shop.post("key-number-1"), await shop.post("key-number-1")

    assert (first.status, again.status, first.body) == (202, 202, again.body)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await shop.effects() == [("acc_1", 1)]


async def test_the_key_of_another_request_is_refused(shop: Shop) -> None:
    await shop.post("key-number-1", 1)

    conflict = await shop.post("key-number-1", 2)

    assert (conflict.status, conflict.json()["code"]) == (422, "idempotency-key-reused")
    assert await shop.effects() == [("acc_1", 1)]


async def test_keys_of_different_people_have_nothing_to_do_with_each_other(shop: Shop) -> None:
    answers = [await shop.post("key-number-1", 1, who=who) for who in ("acc_1", "acc_2")]

    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, None]
    assert await shop.effects() == [("acc_1", 1), ("acc_2", 1)]


async def test_while_the_first_is_at_work_others_are_told_to_wait(shop: Shop) -> None:
    shop.hold = asyncio.Event()
    first = asyncio.create_task(shop.post("key-number-1"))
    await eventually(lambda: shop.entered == 1)

    others = await asyncio.gather(*(shop.post("key-number-1") for _ in range(5)))
    shop.hold.set()
    answer = await first

    assert {(other.status, other.json()["code"], other.headers["retry-after"]) for other in others} == {
        (409, "idempotency-in-flight", "1")
    }
    assert answer.status == 202
    assert (await shop.post("key-number-1")).body == answer.body
    assert await shop.effects() == [("acc_1", 1)]


async def test_a_storm_of_the_same_request_has_one_effect(shop: Shop) -> None:
    for round_number in range(20):
        answers = await asyncio.gather(*(shop.post(f"key-of-round-{round_number}", round_number) for _ in range(10)))
        assert {answer.status for answer in answers} <= {202, 409}

    assert await shop.effects() == [("acc_1", number) for number in range(20)]


async def test_a_commit_between_the_look_up_and_its_lock_is_noticed(shop: Shop) -> None:
    """The look-up reads a snapshot that may be older than the lock it gets; then the stored row decides."""
    key = IdempotencyKey("key-number-1", "POST /wishes", b"fingerprint")
    async with shop.db.hot_transaction() as late:
        await late.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        assert await _looked_up_before_anybody(late, key) is None
        async with shop.db.hot_transaction() as early:
            await early.execute(
                "INSERT INTO idempotency_keys (principal, route, key, fingerprint, status, body)"
                " VALUES ('acc_1', 'POST /wishes', 'key-number-1', 'fingerprint', 202, '{}')"
            )
        with pytest.raises(idempotency.InFlight):
            await key.store(late, buyer("acc_1"), 202, b'{"second": true}')

    async with shop.db.reading() as tx:
        rows = await tx.rows("SELECT body FROM idempotency_keys")
    assert [bytes(row["body"]) for row in rows] == [b"{}"]


async def _looked_up_before_anybody(tx: Any, key: IdempotencyKey) -> Response | None:
    return await key.replay(tx, buyer("acc_1"))


async def test_a_failure_stores_nothing_and_the_same_key_may_try_again(shop: Shop) -> None:
    shop.refuse = True
    assert (await shop.post("key-number-1")).status == 409
    shop.refuse = False

    answer = await shop.post("key-number-1")

    assert (answer.status, answer.headers.get("idempotent-replayed")) == (202, None)
    assert await shop.effects() == [("acc_1", 1)]


async def test_input_that_is_refused_before_the_work_does_not_use_up_the_key(shop: Shop) -> None:
    client = ApiClient(shop.app, buyer("acc_1"))
    wrong = await client.request("POST", "/wishes", json={"value": "x"}, headers={"Idempotency-Key": "key-number-1"})

    assert wrong.status == 422
    assert (await shop.post("key-number-1")).status == 202


@pytest.mark.parametrize(("hours", "replayed"), [(47, "true"), (49, None)])
async def test_keys_live_for_48_hours_of_the_databases_clock(shop: Shop, hours: int, replayed: str | None) -> None:
    await shop.post("key-number-1", 1)
    async with shop.db.hot_transaction() as tx:
        await tx.execute("UPDATE idempotency_keys SET created_at = created_at - make_interval(hours => %s)", (hours,))

    again = await shop.post("key-number-1", 1)

    assert (again.status, again.headers.get("idempotent-replayed")) == (202, replayed)
    assert len(await shop.effects()) == (1 if replayed else 2)
    assert (await shop.post("key-number-1", 1)).headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("key", [None, "", "short", "k" * 129, "with space", "ключ-ключ"])
async def test_a_key_is_required_and_has_a_shape(shop: Shop, key: str | None) -> None:
    if key is not None and not key.isascii():
        key = key.encode().decode("latin-1")

    answer = await shop.post(key)

    assert (answer.status, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert await shop.effects() == []

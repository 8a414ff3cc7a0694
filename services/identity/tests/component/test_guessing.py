"""Guessing passwords is slow, tells nothing, and locks nobody out for good (S12, S13, S15)."""

import asyncio
from typing import Any

import pytest
from argon2 import PasswordHasher

from identity.adapters.argon2_pool import Argon2Pool

PATH = "/v1/sessions"
RIGHT, WRONG = "vélo tranquille sous la pluie", "a wrong guess, surely"


async def guess(world: Any, email: str, password: str = WRONG, network: str = "") -> Any:
    body = {"email": email, "password": password}
    return await world.call("POST", PATH, body, Halles_Client_Address=network)


async def after_many_attempts(world: Any, email: str) -> None:
    """As if eighteen guesses had been made: the next one is still free, then there are minutes to wait."""
    await guess(world, email)
    await world.execute("UPDATE throttles SET attempts = 18, blocked_until = now()")


async def test_guesses_at_one_account_are_slowed_down_and_the_right_password_works_later(world: Any) -> None:
    person = await world.person()
    early = [(await guess(world, person["email"])).status for _ in range(9)]
    await after_many_attempts(world, person["email"])

    last = await guess(world, person["email"])
    blocked = await guess(world, person["email"], RIGHT)
    await world.execute("UPDATE throttles SET blocked_until = now()")

    assert (early, last.status) == ([401] * 9, 401)
    assert (blocked.status, blocked.json()["code"]) == (429, "too-many-attempts")
    assert blocked.headers["retry-after"] == str(blocked.json()["retry_after"])
    assert 400 < blocked.json()["retry_after"] <= 512
    await world.sign_in(person["email"])
    assert (await guess(world, person["email"])).status == 401


async def test_parallel_guesses_gain_nothing(world: Any) -> None:
    person = await world.person()
    await after_many_attempts(world, person["email"])

    answers = await asyncio.gather(*(guess(world, person["email"]) for _ in range(10)))

    assert sorted(answer.status for answer in answers) == [401] + [429] * 9


async def test_unknown_addresses_are_slowed_down_alike(world: Any) -> None:
    await after_many_attempts(world, "nobody@example.org")

    statuses = [(await guess(world, "nobody@example.org")).status for _ in range(2)]

    assert statuses == [401, 429]


async def test_one_network_guessing_at_many_accounts_is_slowed_down(world: Any) -> None:
    person = await world.person()
    await world.execute("INSERT INTO throttles VALUES ('network:192.0.2.7', 109, now(), now())")

    last = await guess(world, "one@example.org", network="192.0.2.7")
    blocked = await guess(world, "two@example.org", network="192.0.2.7")
    elsewhere = await guess(world, person["email"], RIGHT, network="192.0.2.8")

    assert (last.status, blocked.status, elsewhere.status) == (401, 429, 201)


async def test_known_and_unknown_addresses_cost_the_same_work_and_answer(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, work = await world.person(), []
    run = Argon2Pool._run

    async def counted(pool: Any, function: Any, *args: Any) -> Any:
        work.append(function.__name__)
        return await run(pool, function, *args)

    monkeypatch.setattr(Argon2Pool, "_run", counted)
    known = await guess(world, person["email"])
    known_work, work[:] = list(work), []
    unknown = await guess(world, "nobody@example.org")

    assert known_work == work == ["_matches"]
    assert (known.status, known.json() | {"instance": ""}) == (unknown.status, unknown.json() | {"instance": ""})


async def test_hashes_are_argon2id_and_old_parameters_are_renewed_at_sign_in(world: Any) -> None:
    person = await world.person()
    now = await world.row("SELECT hash FROM passwords")
    await world.execute("UPDATE passwords SET hash = %s", PasswordHasher(1, 8192, 1).hash(RIGHT))

    await world.sign_in(person["email"])

    renewed = await world.row("SELECT hash FROM passwords")
    assert now["hash"].startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert renewed["hash"].startswith("$argon2id$v=19$m=47104,t=1,p=1$")


async def test_addresses_are_not_kept_in_the_counters(world: Any) -> None:
    await guess(world, "canary@example.org")

    assert "canary" not in (await world.row("SELECT key FROM throttles"))["key"]


@pytest.mark.parametrize("password", ["x" * 64 + " ëüñ漢字🚲 abcdefgh", " spaces at both ends "])
async def test_passwords_are_taken_as_they_are(world: Any, password: str) -> None:
    person = await world.person(password=password)

    body = {"email": person["email"], "password": password[:-1]}
    assert (await world.call("POST", PATH, body)).status == 401

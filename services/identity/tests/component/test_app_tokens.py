"""Access and refresh tokens: rotation, reuse, grace (S10), and that services never take an external token."""

import asyncio
from typing import Any

import pytest

from edge.auth import check_token
from edge.errors import Unauthenticated
from identity.adapters.keys import read_signing_keys

PATH = "/v1/tokens"


async def signed_in(world: Any) -> dict[str, Any]:
    person = await world.person()
    body = {"grant_type": "password", "email": person["email"], "password": "vélo tranquille sous la pluie"}
    answer = await world.call("POST", PATH, body)
    assert answer.status == 200
    return {**answer.json(), "account_id": person["account"]["account_id"]}


async def refresh(world: Any, token: str) -> Any:
    return await world.call("POST", PATH, {"grant_type": "refresh_token", "refresh_token": token})


async def age(world: Any, seconds: int) -> None:
    await world.execute("UPDATE refresh_tokens SET spent_at = spent_at - make_interval(secs => %s)", seconds)


async def test_an_access_token_stands_for_its_account(world: Any) -> None:
    tokens = await signed_in(world)

    status, answer = await world.exchange("access", tokens["access_token"])

    assert (tokens["token_type"], tokens["expires_in"], status) == ("Bearer", 600, 200)
    assert (answer["principal"]["subject"], answer["principal"]["roles"]) == (tokens["account_id"], ["buyer"])


async def test_services_refuse_an_external_token(world: Any) -> None:
    tokens = await signed_in(world)
    keys = read_signing_keys(world.keys / "signing.json", None).all

    for audience in ("order", "halles"):
        with pytest.raises(Unauthenticated):
            check_token(tokens["access_token"], keys, audience=audience)


async def test_an_internal_token_is_no_access_token(world: Any) -> None:
    _, answer = await world.exchange("anonymous", audience=("identity",))

    assert (await world.exchange("access", answer["tokens"]["identity"]))[0] == 401


async def test_each_refresh_gives_new_tokens(world: Any) -> None:
    first = await signed_in(world)

    second = (await refresh(world, first["refresh_token"])).json()
    third = await refresh(world, second["refresh_token"])

    assert third.status == 200
    assert len({first["refresh_token"], second["refresh_token"], third.json()["refresh_token"]}) == 3


async def test_a_spent_token_used_later_ends_the_family(world: Any) -> None:
    first = await signed_in(world)
    second = (await refresh(world, first["refresh_token"])).json()
    await age(world, 31)

    reused = await refresh(world, first["refresh_token"])

    assert (reused.status, reused.json()["code"]) == (401, "refresh-refused")
    assert (await refresh(world, second["refresh_token"])).status == 401
    assert (await world.exchange("access", second["access_token"]))[1]["code"] == "session-expired"


async def test_within_the_grace_a_lost_answer_can_be_asked_for_again(world: Any) -> None:
    first = await signed_in(world)
    await refresh(world, first["refresh_token"])
    await age(world, 25)

    again = await refresh(world, first["refresh_token"])

    assert (await refresh(world, again.json()["refresh_token"])).status == 200


async def test_parallel_refreshes_of_one_client_all_succeed(world: Any) -> None:
    first = await signed_in(world)

    answers = await asyncio.gather(*(refresh(world, first["refresh_token"]) for _ in range(5)))

    assert [answer.status for answer in answers] == [200] * 5


async def test_revocation_ends_the_family_and_is_silent_about_unknown_tokens(world: Any) -> None:
    tokens = await signed_in(world)

    revoked = await world.call("POST", "/v1/tokens/revocation", {"refresh_token": tokens["refresh_token"]})
    unknown = await world.call("POST", "/v1/tokens/revocation", {"refresh_token": "x" * 43})

    assert (revoked.status, unknown.status) == (204, 204)
    assert (await world.exchange("access", tokens["access_token"]))[0] == 401


async def test_a_family_does_not_outlive_ninety_days(world: Any) -> None:
    tokens = await signed_in(world)
    row = await world.row("SELECT expires_at - created_at AS life FROM refresh_families")
    await world.execute("UPDATE refresh_families SET expires_at = now()")

    assert (row["life"].days, (await refresh(world, tokens["refresh_token"])).status) == (90, 401)

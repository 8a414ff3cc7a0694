"""Browser sessions: rotation, idle and absolute ends, sign-out, what a password change does (S8, S9, S11)."""

from typing import Any

import pytest

PATH = "/v1/sessions"


async def test_the_session_changes_at_sign_in_and_the_old_one_ends(world: Any) -> None:
    person = await world.person()
    body = {"email": person["email"], "password": "vélo tranquille sous la pluie"}

    again = await world.call("POST", PATH, body, by=person["principal"])

    assert again.json()["session_token"] != person["session_token"]
    assert (await world.exchange("session", person["session_token"]))[1]["code"] == "session-expired"
    assert (await world.exchange("session", again.json()["session_token"]))[0] == 200


async def test_signing_in_as_somebody_else_ends_the_first_persons_session(world: Any) -> None:
    first, second = await world.person(), await world.person()
    body = {"email": second["email"], "password": "vélo tranquille sous la pluie"}

    await world.call("POST", PATH, body, by=first["principal"])

    assert (await world.exchange("session", first["session_token"]))[0] == 401
    assert (await world.exchange("session", second["session_token"]))[0] == 200


@pytest.mark.parametrize(
    "passing",
    ["UPDATE sessions SET idle_until = now() - interval '1 second'", "UPDATE sessions SET expires_at = now()"],
)
async def test_a_session_ends_when_idle_and_in_any_case(world: Any, passing: str) -> None:
    person = await world.person()
    await world.execute(passing)

    status, problem = await world.exchange("session", person["session_token"])

    assert (status, problem["code"]) == (401, "session-expired")


async def test_lifetimes_are_a_fortnight_idle_and_ninety_days(world: Any) -> None:
    await world.person()

    row = await world.row("SELECT idle_until - created_at AS idle, expires_at - created_at AS absolute FROM sessions")

    assert (row["idle"].days, row["absolute"].days) == (14, 90)


async def test_operators_sessions_are_short(world: Any) -> None:
    await world.person("root@halles.example")

    row = await world.row("SELECT idle_until - created_at AS idle, expires_at - created_at AS absolute FROM sessions")

    assert (row["idle"].total_seconds(), row["absolute"].total_seconds()) == (1800, 43200)


async def test_use_moves_the_idle_end_but_not_with_every_request(world: Any) -> None:
    person = await world.person()
    await world.execute("UPDATE sessions SET idle_until = now() + interval '13 days 23 hours'")
    await world.exchange("session", person["session_token"])
    fresh = await world.row("SELECT idle_until - now() < interval '13 days 23 hours' AS untouched FROM sessions")
    await world.execute("UPDATE sessions SET idle_until = now() + interval '13 days 17 hours'")

    await world.exchange("session", person["session_token"])

    stale = await world.row("SELECT idle_until - now() > interval '13 days 23 hours' AS touched FROM sessions")
    assert (fresh["untouched"], stale["touched"]) == (True, True)


async def test_sign_out_ends_this_session_alone(world: Any) -> None:
    person = await world.person()
    other = await world.sign_in(person["email"])

    answer = await world.call("DELETE", f"{PATH}/current", by=person["principal"])

    assert answer.status == 204
    assert (await world.exchange("session", person["session_token"]))[0] == 401
    assert (await world.exchange("session", other["session_token"]))[0] == 200


async def test_the_list_shows_sign_ins_and_ends_chosen_ones(world: Any) -> None:
    person = await world.person()
    other = await world.sign_in(person["email"])

    listed = (await world.call("GET", PATH, by=person["principal"])).json()["items"]
    ended = await world.call("DELETE", f"{PATH}/{other['principal'].session}", by=person["principal"])

    assert [(item["kind"], item["current"]) for item in listed] == [("browser", False), ("browser", True)]
    assert (ended.status, (await world.exchange("session", other["session_token"]))[0]) == (204, 401)


async def test_somebody_elses_session_is_not_there(world: Any) -> None:
    one, other = await world.person(), await world.person()

    answer = await world.call("DELETE", f"{PATH}/{other['principal'].session}", by=one["principal"])

    assert (answer.status, (await world.exchange("session", other["session_token"]))[0]) == (404, 200)


async def test_signing_out_elsewhere_keeps_this_one(world: Any) -> None:
    person = await world.person()
    other = await world.sign_in(person["email"])

    await world.call("DELETE", PATH, by=person["principal"])

    assert (await world.exchange("session", person["session_token"]))[0] == 200
    assert (await world.exchange("session", other["session_token"]))[0] == 401


async def test_a_password_change_ends_everything_and_tells_the_person(world: Any) -> None:
    person = await world.person()
    app = (await world.call("POST", "/v1/tokens", {"grant_type": "password", "email": person["email"],
                                                   "password": "vélo tranquille sous la pluie"})).json()  # fmt: skip
    body = {"current_password": "vélo tranquille sous la pluie", "new_password": "huit carottes et un poireau"}

    answer = await world.call("POST", "/v1/me/password", body, by=person["principal"])

    assert answer.status == 204
    assert (await world.exchange("session", person["session_token"]))[0] == 401
    assert (await world.exchange("access", app["access_token"]))[0] == 401
    refreshed = await world.call(
        "POST", "/v1/tokens", {"grant_type": "refresh_token", "refresh_token": app["refresh_token"]}
    )
    assert refreshed.json()["code"] == "refresh-refused"
    assert [mail["purpose"] for mail in await world.mails()] == ["password-changed"]
    await world.sign_in(person["email"], "huit carottes et un poireau")


async def test_a_password_change_needs_the_current_one(world: Any) -> None:
    person = await world.person()
    body = {"current_password": "not this one at all", "new_password": "huit carottes et un poireau"}

    answer = await world.call("POST", "/v1/me/password", body, by=person["principal"])

    assert (answer.status, answer.json()["code"]) == (401, "wrong-credentials")
    assert (await world.exchange("session", person["session_token"]))[0] == 200


async def test_a_reset_sets_the_password_and_ends_everything(world: Any) -> None:
    person = await world.person()
    await world.call("POST", "/v1/password-resets", {"email": person["email"]})
    (mail,) = await world.mails()
    weak = await world.call("POST", "/v1/password-resets/confirmation", {"token": mail["token"], "password": "short"})

    body = {"token": mail["token"], "password": "huit carottes et un poireau"}
    done = await world.call("POST", "/v1/password-resets/confirmation", body)
    again = await world.call("POST", "/v1/password-resets/confirmation", body)

    assert (mail["purpose"], weak.status, done.status, again.status) == ("reset-password", 422, 204, 410)
    assert (await world.exchange("session", person["session_token"]))[0] == 401
    await world.sign_in(person["email"], "huit carottes et un poireau")
    assert [mail["purpose"] for mail in await world.mails()] == ["password-changed"]


async def test_a_verification_link_does_not_reset_a_password(world: Any) -> None:
    await world.register("kind@example.org")
    (mail,) = await world.mails()

    body = {"token": mail["token"], "password": "huit carottes et un poireau"}
    answer = await world.call("POST", "/v1/password-resets/confirmation", body)

    assert answer.status == 410

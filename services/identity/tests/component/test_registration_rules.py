"""What strangers can and cannot learn or do by registering."""

from typing import Any

import pytest

from contracts.identity import AccountMailRequested
from identity.repository import accounts
from testkit import eventually

PASSWORD = "vélo tranquille sous la pluie"


async def test_a_known_address_gets_the_same_answer_and_another_mail(world: Any) -> None:
    person = await world.person()

    again = await world.register(person["email"], password="attacker picks this one")
    (mail,) = await world.mails()

    assert (again.status, again.json()) == (202, {})
    assert (mail["purpose"], mail["token"]) == ("already-registered", None)
    refused = await world.call(
        "POST", "/v1/sessions", {"email": person["email"], "password": "attacker picks this one"}
    )
    assert refused.status == 401


async def test_the_link_makes_only_its_own_registrations_password_valid(world: Any) -> None:
    await world.register("victim@example.org", password="the victim's own words")
    (mail,) = await world.mails()
    await world.register("victim@example.org", password="the attacker's own words")
    await world.settled()

    await world.call("POST", "/v1/accounts/verification", {"token": mail["token"]})

    await world.sign_in("victim@example.org", "the victim's own words")
    body = {"email": "victim@example.org", "password": "the attacker's own words"}
    assert (await world.call("POST", "/v1/sessions", body)).json()["code"] == "wrong-credentials"


async def test_before_the_link_the_right_password_is_told_to_verify_and_a_wrong_one_nothing(world: Any) -> None:
    await world.register("new@example.org")
    await world.settled()

    right = await world.call("POST", "/v1/sessions", {"email": "new@example.org", "password": PASSWORD})
    wrong = await world.call("POST", "/v1/sessions", {"email": "new@example.org", "password": "not the right one"})

    assert (right.status, right.json()["code"]) == (403, "address-not-verified")
    assert (wrong.status, wrong.json()["code"]) == (401, "wrong-credentials")


async def test_a_link_works_once_and_not_after_its_hour(world: Any) -> None:
    await world.register("once@example.org")
    (mail,) = await world.mails()
    await world.execute("UPDATE mail_tokens SET expires_at = now()")
    late = await world.call("POST", "/v1/accounts/verification", {"token": mail["token"]})
    reopened = await world.open_mail(mail["request_id"])

    first = await world.call("POST", "/v1/accounts/verification", {"token": reopened["token"]})
    second = await world.call("POST", "/v1/accounts/verification", {"token": reopened["token"]})

    assert (late.status, late.json()["code"], first.status) == (410, "link-expired", 204)
    assert (second.status, second.json()["code"]) == (410, "link-expired")
    assert (await world.open_mail(mail["request_id"]))["http_status"] == 410


async def test_secrets_are_stored_hashed(world: Any) -> None:
    await world.register("hashed@example.org")
    (mail,) = await world.mails()

    row = await world.row("SELECT encode(token_hash, 'escape') AS stored FROM mail_tokens")

    assert mail["token"] not in row["stored"] and len(mail["token"]) == 43


async def test_mails_of_one_kind_are_kept_apart_and_asking_again_later_works(world: Any) -> None:
    await world.register("again@example.org")
    await world.mails()

    await world.call("POST", "/v1/accounts/verification-requests", {"email": "again@example.org"})
    at_once = await world.mails()
    await world.execute("UPDATE mail_requests SET created_at = created_at - interval '31 seconds'")
    await world.call("POST", "/v1/accounts/verification-requests", {"email": "again@example.org"})
    later = await world.mails()

    assert (at_once, [mail["purpose"] for mail in later]) == ([], ["verify-email"])


@pytest.mark.parametrize("path", ["/v1/accounts/verification-requests", "/v1/password-resets"])
async def test_nothing_happens_for_an_unknown_address(world: Any, path: str) -> None:
    answer = await world.call("POST", path, {"email": "nobody@example.org"})

    await world.settled()
    assert (answer.status, answer.json(), await world.events()) == (202, {}, [])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "not an address"}, "/email"),
        ({"locale": "de"}, "/locale"),
        ({"display_name": "  "}, "/display_name"),
        ({"display_name": "a\u0007b"}, "/display_name"),
        ({"role": "admin"}, "/role"),
        ({"password": 12}, "/password"),
    ],
)
async def test_bad_input_is_named_and_never_repeated(world: Any, change: dict[str, Any], pointer: str) -> None:
    body = {"email": "a@example.org", "password": "canary of the password", "display_name": "A", "locale": "fr"}

    answer = await world.call("POST", "/v1/accounts", {**body, **change})

    assert (answer.status, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert b"canary" not in answer.body


async def test_a_weak_password_is_refused_before_anything_is_stored(world: Any) -> None:
    answer = await world.register("weak@example.org", password="motdepasse12345")

    problem = answer.json()
    assert (answer.status, problem["code"]) == (422, "password-refused")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("/password", "password-too-common")]
    assert (await world.row("SELECT count(*) AS rows FROM address_requests"))["rows"] == 0


async def test_each_mail_request_is_told_once(world: Any) -> None:
    await world.person()

    requests = [event.data for event in await world.events() if isinstance(event.data, AccountMailRequested)]

    assert [request.purpose for request in requests] == ["verify-email"]


async def test_a_request_that_cannot_be_settled_lets_others_go_first(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = accounts.create

    async def failing(tx: Any, values: dict[str, Any]) -> bool:
        if values["email"] == "broken@example.org":
            raise KeyError("a bug")
        return await create(tx, values)

    monkeypatch.setattr(accounts, "create", failing)
    await world.register("broken@example.org")
    await world.register("fine@example.org")
    sent = await eventually(world.unsettled_mails)
    monkeypatch.undo()
    await world.execute("UPDATE address_requests SET not_before = now()")

    assert [mail["email"] for mail in sent] == ["fine@example.org"]
    assert [mail["email"] for mail in await world.mails()] == ["broken@example.org"]

"""From a stranger to somebody whom every service knows."""

from typing import Any

from contracts.identity import AccountMailRequested, AccountRegistered, AccountVerified
from edge.auth import check_token
from identity.adapters.keys import read_signing_keys


async def test_register_verify_sign_in_and_be_known(world: Any) -> None:
    asked = await world.register("Zoe@Example.org")
    (mail,) = await world.mails()

    confirmed = await world.call("POST", "/v1/accounts/verification", {"token": mail["token"]})
    session = await world.sign_in("zoe@example.ORG")
    status, exchanged = await world.exchange("session", session["session_token"], audience=("order", "identity"))

    assert (asked.status, asked.json(), confirmed.status, status) == (202, {}, 204, 200)
    assert mail | {"token": "", "request_id": ""} == {
        "account_id": session["account"]["account_id"], "email": "Zoe@example.org", "display_name": "Zoé", "locale": "fr",
        "purpose": "verify-email", "token": "", "http_status": 200, "request_id": "",
    }  # fmt: skip
    signing = read_signing_keys(world.keys / "signing.json", None).all
    claims = check_token(exchanged["tokens"]["order"], signing, audience="order")
    account_id = session["account"]["account_id"]
    assert (claims["sub"], claims["roles"], claims["memberships"]) == (account_id, ["buyer"], {})
    assert claims["exp"] - claims["iat"] == 60
    assert exchanged["principal"] == {
        "subject": account_id, "roles": ["buyer"], "sellers": {}, "session": session["principal"].session,
    }  # fmt: skip


async def test_events_say_who_without_personal_data(world: Any) -> None:
    person = await world.person("canary-address@example.org")

    events = await world.events()

    account_id = person["account"]["account_id"]
    assert [type(event.data) for event in events] == [AccountRegistered, AccountMailRequested, AccountVerified]
    assert [(event.subject, event.sequence) for event in events] == [(account_id, 1), (account_id, 2), (account_id, 3)]
    assert "canary-address" not in str([event.data.to_json() for event in events])


async def test_events_carry_the_correlation_of_the_request_that_asked(world: Any) -> None:
    body = {"email": "a@example.org", "password": "un mot de passe honnête", "display_name": "A", "locale": "en"}

    await world.call("POST", "/v1/accounts", body, Halles_Request_Id="req_asked")
    await world.settled()

    assert [event.correlation_id for event in await world.events()] == ["req_asked", "req_asked"]


async def test_me_shows_and_changes_the_profile(world: Any) -> None:
    person = await world.person()

    changed = await world.call(
        "PATCH", "/v1/me", {"display_name": "  Zoé B.  ", "locale": "en"}, by=person["principal"]
    )
    read = await world.call("GET", "/v1/me", by=person["principal"])

    assert changed.status == 200
    assert read.json() == {
        "account_id": person["account"]["account_id"], "email": person["email"], "display_name": "Zoé B.",
        "locale": "en", "verified": True, "roles": ["buyer"], "sellers": [],
    }  # fmt: skip


async def test_the_bootstrap_address_becomes_admin_when_it_verifies(world: Any) -> None:
    person = await world.person("root@halles.example")

    assert sorted(person["principal"].roles) == ["admin", "buyer"]

"""Somebody buys without a password, and makes the account theirs later, or never."""

from typing import Any

from contracts.identity import AccountMailRequested, AccountRegistered, AccountVerified

EMAIL = "invite@example.org"


async def guest(world: Any, email: str = EMAIL) -> dict[str, Any]:
    body = {"email": email, "display_name": "Zoé", "locale": "fr"}
    answer = await world.call("POST", "/v1/guests", body)
    assert answer.status == 201, answer.body
    opened = answer.json()
    return {**opened, "principal": await world.principal(opened["session_token"])}


async def register(world: Any, who: dict[str, Any] | None, email: str = EMAIL, password: str = "") -> dict[str, Any]:
    """Ask for an account, from the guest's browser or another one; the mail that comes, if any."""
    body = {
        "email": email,
        "password": password or "vélo tranquille sous la pluie",
        "display_name": "Zoé",
        "locale": "fr",
    }
    asked = await world.call("POST", "/v1/accounts", body, by=who["principal"] if who else None)
    assert asked.status == 202, asked.body
    mails = await world.mails()
    return dict(mails[-1]) if mails else {}


async def test_a_guest_buys_and_does_nothing_else(world: Any) -> None:
    one = await guest(world)
    shop = {
        "handle": "chez-zoe", "name": "Chez Zoé", "town": "Lyon", "postal_code": "69001", "country": "FR",
        "latitude": "45.76", "longitude": "4.83", "description": {"fr": "Des bols.", "en": "Bowls."},
    }  # fmt: skip

    read = (await world.call("GET", "/v1/me", by=one["principal"])).json()
    refused = await world.call("POST", "/v1/sellers", shop, by=one["principal"])
    changed = await world.call(
        "POST", "/v1/me/password", {"current_password": "", "new_password": "x"}, by=one["principal"]
    )

    assert sorted(one["principal"].roles) == ["buyer", "guest"]
    assert (read["email"], read["verified"], read["roles"]) == (EMAIL, False, ["buyer", "guest"])
    assert (refused.status, refused.json()["code"]) == (403, "guest-refused")
    assert changed.status in (401, 422)


async def test_a_guest_registers_the_same_address_and_keeps_the_account(world: Any) -> None:
    one = await guest(world)
    mail = await register(world, one)

    confirmed = await world.call("POST", "/v1/accounts/verification", {"token": mail["token"]})
    ended, _ = await world.exchange("session", one["session_token"])
    session = await world.sign_in(EMAIL)

    account_id = one["account"]["account_id"]
    assert (mail["account_id"], confirmed.status, ended) == (account_id, 204, 401)
    assert session["account"]["account_id"] == account_id
    assert sorted(session["principal"].roles) == ["buyer"]
    events = await world.events()
    assert [type(event.data) for event in events] == [AccountRegistered, AccountMailRequested, AccountVerified]
    assert [event.sequence for event in events] == [1, 2, 3]


async def test_others_who_know_the_address_do_not_get_the_guests_account(world: Any) -> None:
    one = await guest(world)
    mail = await register(world, None)

    assert mail["account_id"] != one["account"]["account_id"]
    await world.call("POST", "/v1/accounts/verification", {"token": mail["token"]})
    assert (await world.sign_in(EMAIL))["account"]["account_id"] == mail["account_id"]
    assert (await world.exchange("session", one["session_token"]))[0] == 200


async def test_a_guest_of_a_known_address_shares_nothing_with_its_account(world: Any) -> None:
    owner = await world.person(EMAIL)
    one = await guest(world)
    mail = await register(world, one)

    assert one["account"]["account_id"] != owner["account"]["account_id"]
    assert (mail["purpose"], mail["account_id"]) == ("already-registered", owner["account"]["account_id"])
    assert (await world.call("GET", "/v1/me", by=owner["principal"])).status == 200


async def test_the_mail_of_a_guest_works_no_more_once_the_address_is_anothers(world: Any) -> None:
    one = await guest(world)
    claim = await register(world, one)
    other = await register(world, None)
    await world.call("POST", "/v1/accounts/verification", {"token": other["token"]})

    late = await world.call("POST", "/v1/accounts/verification", {"token": claim["token"]})

    assert (late.status, late.json()["code"]) == (410, "link-expired")

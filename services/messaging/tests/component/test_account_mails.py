"""Mails with secrets: the secret is fetched when the mail is sent, and never stored."""

from typing import Any

import pytest

from contracts.identity import AccountMailRequested, AccountRegistered
from messaging.consumers.subscription import SUBSCRIPTION
from testkit import deliver


def requested(purpose: str, account_id: str = "acc_zoe") -> tuple[AccountMailRequested, str, int]:
    return AccountMailRequested(account_id=account_id, request_id="mlr_1", purpose=purpose), account_id, 2


@pytest.mark.parametrize(
    ("purpose", "account_id", "subject", "link"),
    [
        ("verify-email", "acc_zoe", "Confirmez votre adresse e-mail", "https://halles.test/verify?token=secret-0"),
        ("verify-email", "acc_ann", "Confirm your e-mail address", "https://halles.test/verify?token=secret-0"),
        ("reset-password", "acc_zoe", "Choisissez un nouveau mot de passe", "https://halles.test/reset?token=secret-0"),
        ("already-registered", "acc_zoe", "Vous avez déjà un compte Halles", "https://halles.test/sign-in"),
        ("password-changed", "acc_ann", "Your password was changed", "https://halles.test/sign-in"),
    ],
)
async def test_each_purpose_has_its_letter(world: Any, purpose: str, account_id: str, subject: str, link: str) -> None:
    world.identity.requests["mlr_1"] = {"account_id": account_id, "purpose": purpose}
    await deliver(world.db, SUBSCRIPTION, [requested(purpose, account_id)])

    (mail,) = await world.quiet()

    assert mail["subject"] == subject
    assert f"\n{link}\n" in mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert f'href="{link}"' in mail.get_body(("html",)).get_content()
    assert mail["auto-submitted"] == "auto-generated" and mail["from"] == "Halles <bonjour@halles.example>"


async def test_the_secret_is_stored_nowhere(world: Any) -> None:
    world.identity.requests["mlr_1"] = {"account_id": "acc_zoe", "purpose": "verify-email"}
    await deliver(world.db, SUBSCRIPTION, [requested("verify-email")])
    await world.quiet()

    assert "secret-" not in str(await world.rows("SELECT m::text FROM mails m"))


async def test_a_mail_that_is_not_needed_any_more_is_dropped(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [requested("verify-email")])

    assert await world.quiet("dropped") == []


async def test_other_events_of_accounts_send_nothing(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [(AccountRegistered(account_id="acc_zoe", locale="fr"), "acc_zoe", 1)])

    assert await world.rows("SELECT 1 FROM mails") == []


async def test_a_name_that_a_stranger_may_have_chosen_is_not_written_to_the_address(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = type(world.identity).contacts.__globals__["PEOPLE"]
    monkeypatch.setitem(people, "acc_zoe", {**people["acc_zoe"], "display_name": "Win at evil.example"})
    world.identity.requests["mlr_1"] = {"account_id": "acc_zoe", "purpose": "verify-email"}
    await deliver(world.db, SUBSCRIPTION, [requested("verify-email")])

    (mail,) = await world.quiet()

    assert "evil" not in mail.as_string() and mail["to"] == "zoe@example.org"
    assert mail.get_body(("plain",)).get_content().startswith("Bonjour,")

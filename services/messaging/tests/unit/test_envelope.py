"""The message on the wire."""

import email
import email.policy
from datetime import UTC, datetime
from typing import Any

import pytest

from messaging.adapters.templates import Templates
from messaging.adapters.texts import texts_in
from messaging.domain.letter import Letter
from messaging.ports import Contact
from messaging.repository.mails import ClaimedMail
from messaging.service.envelope import as_bytes, message_id
from messaging.service.letters.accounts import account_letter
from messaging.service.letters.facts import Facts

SENDER = "Halles <bonjour@halles.example>"
SECRET = "a-secret"
ZOE = Contact(email="zoe@example.org", display_name="Zoé", locale="fr")


def mail(attempts: int = 1) -> ClaimedMail:
    return ClaimedMail(
        mail_id="mai_1", dedup_key="account:mlr_1", kind="verify-email", audience_kind="request", audience_id="mlr_1",
        details={}, correlation_id="req_1", attempts=attempts, doubts=0, lost=False,
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )  # fmt: skip


def letter(locale: str = "fr", token: str = SECRET) -> Letter:
    facts = Facts(greeting_name="Zoé", site_url="https://halles.test", details={}, token=token)
    return account_letter("verify-email", facts, texts_in(locale))


def wire(attempts: int = 1, locale: str = "fr") -> bytes:
    renderer = Templates("https://halles.test")
    return as_bytes(mail(attempts), letter(locale), [ZOE], sender=SENDER, renderer=renderer)


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_lines_end_and_fit_as_smtp_wants_them_in_plain_ascii() -> None:
    lines = wire().split(b"\r\n")

    assert all(len(line) <= 998 and line.isascii() and b"\n" not in line for line in lines)


def test_headers_of_a_copy_are_the_same() -> None:
    first, copy = parsed(wire(1)), parsed(wire(7))

    assert [item for item in first.items() if item[0] != "Content-Type"] == [
        item for item in copy.items() if item[0] != "Content-Type"
    ]
    assert first["message-id"] == message_id("account:mlr_1", domain="halles.example")
    assert message_id("account:mlr_1", domain="halles.example") != message_id("account:mlr_2", domain="halles.example")


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_text_and_html_say_the_same_in_the_persons_language(locale: str) -> None:
    message = parsed(wire(locale=locale))

    assert message["content-language"] == locale
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    assert f'<html lang="{locale}">' in html
    for part in (letter(locale).greeting, letter(locale).paragraphs[0].split("’")[0], "/verify?token=a-secret"):
        assert part in html and part in text


def test_a_secret_is_quoted_into_its_link() -> None:
    button = letter(token="a&b=c#d/é").button

    assert button is not None and button.url == "https://halles.test/verify?token=a%26b%3Dc%23d/%C3%A9"

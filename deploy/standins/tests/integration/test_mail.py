"""The mail stand-in: SMTP in, JSON and pages out, kept over a restart."""

import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import aiohttp
import pytest

from standins.testing.process import RunningStandin

HTML = '<p>Bonjour <a href="http://localhost:8600/commandes/1">votre commande</a></p><script>alert(1)</script>'


@pytest.fixture(scope="module")
async def mail(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningStandin]:
    standin = await RunningStandin("mail", tmp_path_factory.mktemp("mail"), {"STANDIN_MAIL_KEPT": "20"}).start()
    yield standin
    assert await standin.stop() == 0, standin.log()


@pytest.fixture
async def browser(mail: RunningStandin) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(mail.url) as session:
        async with session.delete("/api/messages") as answer:
            assert answer.status == 200
        yield session


def send(mail: RunningStandin, to: str, *, subject: str = "Commande confirmée", key: str = "order-1") -> None:
    message = EmailMessage()
    message["From"] = "Halles <bonjour@halles.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{key}@halles.example>"
    message["X-Halles-Key"] = key
    message.set_content("Bonjour, voir http://localhost:8600/commandes/1 — à bientôt")
    message.add_alternative(HTML, subtype="html")
    with smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=10) as smtp:
        smtp.send_message(message)


async def listed(browser: aiohttp.ClientSession, **query: str) -> list[dict[str, Any]]:
    async with browser.get("/api/messages", params=query) as answer:
        assert answer.status == 200
        found: list[dict[str, Any]] = await answer.json()
        return found


async def test_a_mail_arrives_with_all_its_parts(mail: RunningStandin, browser: aiohttp.ClientSession) -> None:
    send(mail, "Camille <Camille@exemple.fr>")

    (message,) = await listed(browser, to="camille@exemple.fr")

    assert message["from"] == "Halles <bonjour@halles.example>"
    assert (message["to"], message["subject"]) == (["camille@exemple.fr"], "Commande confirmée")
    assert message["text"].startswith("Bonjour, voir http://localhost:8600/commandes/1 — à bientôt")
    assert message["html"].startswith("<p>Bonjour")
    assert message["headers"]["Message-ID"] == "<order-1@halles.example>"
    assert message["headers"]["X-Halles-Key"] == "order-1"
    async with browser.get(f"/api/messages/{message['id']}") as answer:
        assert await answer.json() == message


async def test_lists_are_newest_first_by_address_and_time(mail: RunningStandin, browser: aiohttp.ClientSession) -> None:
    send(mail, "a@exemple.fr", subject="1")
    send(mail, "b@exemple.fr", subject="2")
    (second,) = await listed(browser, to="b@exemple.fr")
    send(mail, "a@exemple.fr, b@exemple.fr", subject="3")

    everything = await listed(browser)

    assert [message["subject"] for message in everything] == ["3", "2", "1"]
    assert [message["subject"] for message in await listed(browser, to="a@exemple.fr")] == ["3", "1"]
    assert [message["subject"] for message in await listed(browser, since=everything[0]["received_at"])] == ["3"]
    assert second["id"] in [message["id"] for message in await listed(browser, since=second["received_at"])]
    async with browser.get("/api/messages", params={"since": "yesterday"}) as answer:
        assert answer.status == 400


async def test_the_oldest_leave_when_the_box_is_full(mail: RunningStandin, browser: aiohttp.ClientSession) -> None:
    for number in range(25):
        send(mail, "a@exemple.fr", subject=str(number))

    kept = await listed(browser)

    assert [message["subject"] for message in kept] == [str(number) for number in range(24, 4, -1)]


async def test_mail_survives_a_kill(mail: RunningStandin, browser: aiohttp.ClientSession) -> None:
    send(mail, "a@exemple.fr")

    await mail.kill()
    await mail.start()

    assert len(await listed(browser)) == 1


async def test_the_html_part_is_caged(mail: RunningStandin, browser: aiohttp.ClientSession) -> None:
    send(mail, "a@exemple.fr")
    (message,) = await listed(browser)

    async with browser.get(f"/messages/{message['id']}") as answer:
        page = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    async with browser.get(f"/messages/{message['id']}/html") as answer:
        preview, preview_policy = await answer.text(), answer.headers["Content-Security-Policy"]

    assert 'sandbox="allow-popups' in page
    assert "<script>" not in page
    assert '<a href="http://localhost:8600/commandes/1"' in page
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert HTML in preview
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in preview_policy
    assert "default-src 'none'" in preview_policy


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({}, "", "aucun message ne quitte cette machine"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "", "no message leaves this machine"),
        ({"Accept-Language": "en"}, "?lang=fr", "aucun message ne quitte cette machine"),
    ],
)
async def test_pages_say_what_they_are_in_both_languages(
    browser: aiohttp.ClientSession, headers: dict[str, str], query: str, expected: str
) -> None:
    for path in ("/", "/messages/999999"):
        async with browser.get(f"{path}{query}", headers=headers) as answer:
            assert expected in await answer.text()

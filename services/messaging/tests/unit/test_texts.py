"""Both catalogues are whole, French is set in French typography, and money and dates are written as people write them."""

import re
from datetime import UTC, datetime
from importlib import resources
from string import Formatter
from typing import Any

import pytest
from babel.messages.pofile import read_po

from contracts.values import Money
from messaging.adapters.texts import LOCALES, UnknownText, texts_in
from messaging.service.letters.compose import KINDS

NB, NN = "\u00a0", "\u202f"


def catalogue(locale: str) -> dict[str, list[str]]:
    path = resources.files("messaging").joinpath("locales", locale, "LC_MESSAGES", "messages.po")
    with path.open("rb") as file:
        messages: Any = read_po(file, locale=locale)
    found = {}
    for message in messages:
        if message.id:
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            found[key] = list(message.string) if isinstance(message.string, tuple) else [message.string]
    return found


def placeholders(texts: list[str]) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    french, english = catalogue("fr"), catalogue("en")

    assert french.keys() == english.keys()
    assert [key for key in french if placeholders(french[key]) != placeholders(english[key])] == []
    assert [key for texts in (french, english) for key, forms in texts.items() if not all(forms)] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("part", ["subject", "preview", "intro", "button"])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_kind_of_mail_has_its_texts(kind: str, part: str, locale: str) -> None:
    assert f"{kind}.{part}" in catalogue(locale)


def test_every_text_that_the_code_names_exists() -> None:
    source = resources.files("messaging").joinpath("service", "letters")
    code = "".join(path.read_text("utf-8") for path in source.iterdir() if path.name.endswith(".py"))
    templates = resources.files("messaging").joinpath("templates")
    code += "".join(path.read_text("utf-8") for path in templates.iterdir())
    named = set(re.findall(r'\bt(?:\.text|\.plural)?\(\s*"([a-z.-]+)"', code))

    assert len(named) > 30
    assert named - catalogue("fr").keys() == set()


def test_french_typography() -> None:
    wrong = {}
    for key, forms in catalogue("fr").items():
        for text in forms:
            if re.search(r"(?<![\u202f])[!?;]|(?<![\u00a0]):|'|\"|\.\.\.", text.replace("{", "").replace("}", "")):
                wrong[key] = text

    assert wrong == {}


def test_a_missing_text_is_an_error_and_not_its_key() -> None:
    with pytest.raises(UnknownText):
        texts_in("fr").text("no.such.text")
    with pytest.raises(UnknownText):
        texts_in("en").plural("no.such.text", 2)


@pytest.mark.parametrize(
    ("locale", "count", "expected"),
    [
        ("fr", 0, f"0 article, x. Merci{NN}!"),
        ("fr", 1, f"1 article, x. Merci{NN}!"),
        ("fr", 2, f"2 articles, x. Merci{NN}!"),
        ("en", 0, "0 items, x. Thank you!"),
        ("en", 1, "1 item, x. Thank you!"),
    ],
)
def test_plurals_follow_the_language(locale: str, count: int, expected: str) -> None:
    assert texts_in(locale).plural("order-confirmed.preview", count, total="x") == expected


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "expected"),
    [
        ("fr", 1245, "EUR", f"12,45{NB}€"),
        ("fr", 123456789, "EUR", f"1{NN}234{NN}567,89{NB}€"),
        ("fr", 5, "EUR", f"0,05{NB}€"),
        ("en", 1245, "EUR", "€12.45"),
        ("en", 1245, "JPY", "JP¥1,245"),
        ("fr", -100, "EUR", f"-1,00{NB}€"),
    ],
)
def test_money(locale: str, amount: int, currency: str, expected: str) -> None:
    assert texts_in(locale).money(Money(amount=amount, currency=currency)) == expected


def test_days_are_those_of_the_market() -> None:
    late = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)

    assert (texts_in("fr").day(late), texts_in("en").day(late)) == ("samedi 7 mars 2026", "Saturday, 7 March 2026")


def test_an_unknown_language_is_french() -> None:
    assert texts_in("de").locale == "fr"

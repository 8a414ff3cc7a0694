import ast
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import web
from web.languages import Language, language_of
from web.problems import PROBLEMS, VIOLATIONS

HOME = Path(web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("design/**.html", "jinja2")]
_JINJA = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "newstyle_gettext": "true"}
OPTIONS = {"templates/**.html": _JINJA, "design/**.html": _JINJA}


def catalogue(language: str) -> list[Message]:
    """The messages of every catalogue of the language."""
    paths = sorted((HOME / "locales").glob(f"{language}*.po"))
    return [
        message for path in paths for message in read_po(io.BytesIO(path.read_bytes()), locale=language) if message.id
    ]


def sentences() -> set[str]:
    found = extract_from_dir(str(HOME), METHODS, OPTIONS, keywords={"_": None, "gettext": None, "ngettext": (1, 2)})
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def test_every_sentence_has_its_french() -> None:
    french = {
        message.id if isinstance(message.id, str) else message.id[0]: message.string for message in catalogue("fr")
    }

    missing = sorted(text for text in sentences() if not french.get(text))

    assert missing == []


def test_a_sentence_stands_in_one_catalogue_only() -> None:
    for language in ("fr", "en"):
        ids = Counter(message.id if isinstance(message.id, str) else message.id[0] for message in catalogue(language))
        assert [text for text, count in ids.items() if count > 1] == []


def test_translations_keep_their_blanks() -> None:
    for message in catalogue("fr"):
        for string in [message.string] if isinstance(message.string, str) else message.string:
            first = message.id if isinstance(message.id, str) else message.id[0]
            assert set(re.findall(r"%\(\w+\)s", first)) == set(re.findall(r"%\(\w+\)s", string)), first


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in [*(HOME / "templates").rglob("*.html"), *(HOME / "design").glob("*.html")]:
        text = path.read_text()
        assert "style=" not in text and "<style" not in text, path
        assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", text), path
        assert not re.search(r"\son[a-z]+=", text), path


def test_views_never_say_a_sentence_untranslated() -> None:
    for path in (HOME / "views").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                pytest.fail(f"{path}: texts belong into templates, problems.py or words.py")


@pytest.mark.parametrize(
    ("path", "code", "rest"), [("/en", "en", "/"), ("/en/cart", "en", "/cart"), ("/english", "fr", "/english")]
)
def test_language_is_in_the_address(path: str, code: str, rest: str) -> None:
    language, found = language_of(path)

    assert (language.code, found) == (code, rest)
    assert Language("en").url("/") == "/en"
    assert Language("fr").url("/cart") == "/cart"


def test_money_and_dates_are_written_as_readers_expect() -> None:
    price = {"amount": 123450, "currency": "EUR"}

    assert Language("fr").money(price) == "1\u202f234,50\xa0€"
    assert Language("en").money(price) == "€1,234.50"
    assert Language("fr").money({"amount": 500, "currency": "JPY"}).startswith("500")
    assert Language("fr").day("2026-03-01T23:30:00Z") == "2 mars 2026"
    assert Language("fr").stars(467) == "4,7"


def test_problems_and_fields_speak_both_languages() -> None:
    for text in (*PROBLEMS.values(), *VIOLATIONS.values()):
        assert Language("fr").say(text) != text
        assert Language("en").say(text) == text

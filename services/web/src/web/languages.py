"""French and English: which one a request wants, and the texts, money and dates in it.

French pages have plain addresses, English ones begin with /en. Texts are gettext catalogues in ``locales``; the source
language of the templates is English.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.support import Translations

LANGUAGES = ("fr", "en")
DEFAULT = "fr"
_TERRITORY = {"fr": "fr_FR", "en": "en_GB"}
_ZONE = ZoneInfo("Europe/Paris")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


@cache
def translations(language: str) -> Translations:
    """The catalogues of a language (``fr.po``, ``fr.design.po`` …) as one; compiled from their .po files once."""
    whole = Translations()
    for path in sorted((files("web") / "locales").iterdir(), key=lambda item: item.name):
        if path.name.partition(".")[0] == language and path.name.endswith(".po"):
            text = path.read_text()
            whole.merge(_compiled((_spaced(text) if language == "fr" else text).encode(), language))
    return whole


def _spaced(text: str) -> str:
    """French puts a narrow space that no line may break before ; : ! ? and inside « »."""
    return re.sub(r"« ", "«\u202f", re.sub(r" ([;:!?»])", "\u202f\\1", text))


def _compiled(raw: bytes, language: str) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(raw), locale=language))
    compiled.seek(0)
    return Translations(compiled)


@dataclass(frozen=True, slots=True)
class Language:
    """How to write for one reader."""

    code: str

    @property
    def other(self) -> str:
        return "en" if self.code == "fr" else "fr"

    def say(self, text: str, **values: object) -> str:
        """The text in this language, with ``%(name)s`` filled in."""
        found: str = translations(self.code).gettext(text)
        return found % values if values else found

    def url(self, path: str) -> str:
        """Address of a page in this language."""
        return path if self.code == DEFAULT else f"/{self.code}{path if path != '/' else ''}"

    def pick(self, text: Mapping[str, str] | None) -> str:
        """A published text, in the other language rather than not at all; French ones with the apostrophe of print."""
        found = (text.get(self.code) or text.get(self.other) or "") if text else ""
        return _APOSTROPHE.sub("’", found) if self.code == "fr" else found

    def money(self, money: Mapping[str, Any]) -> str:
        """``{amount, currency}`` in minor units, as people write it here."""
        return _money(money["amount"], money["currency"], self.code)

    def country(self, code: str) -> str:
        """A country's name by its ISO 3166-1 code; an unknown code as it is."""
        names: dict[str, str] = dict(Locale.parse(_TERRITORY[self.code]).territories)
        return names.get(code, code)

    def number(self, value: float) -> str:
        written: str = format_decimal(value, locale=_TERRITORY[self.code])
        return written

    def stars(self, hundredths: int) -> str:
        """An average of ratings with one decimal."""
        written: str = format_decimal(Decimal(hundredths) / 100, format="0.0", locale=_TERRITORY[self.code])
        return written

    def day(self, moment: str) -> str:
        written: str = format_date(_local(moment), format="long", locale=_TERRITORY[self.code])
        return written

    def short_day(self, moment: str) -> str:
        """``21 nov.``: where there is little room."""
        written: str = format_date(_local(moment), format="d MMM", locale=_TERRITORY[self.code])
        return written

    def moment(self, moment: str) -> str:
        written: str = format_datetime(_local(moment), format="d MMMM y, HH:mm", locale=_TERRITORY[self.code])
        return written


@lru_cache(4_096)
def _money(amount: int, currency: str, code: str) -> str:
    exact = Decimal(amount).scaleb(-get_currency_precision(currency))
    written: str = format_currency(exact, currency, locale=_TERRITORY[code])
    return written


def language_of(path: str) -> tuple[Language, str]:
    """``/en/cart`` -> English and ``/cart``; everything else is French."""
    if path == "/en" or path.startswith("/en/"):
        return Language("en"), path.removeprefix("/en") or "/"
    return Language(DEFAULT), path


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(_ZONE)

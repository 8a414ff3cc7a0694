"""Texts in French and English: gettext catalogues, compiled from their .po files at start, and babel for money and dates."""

import gettext
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, get_currency_precision

from contracts.values import Money

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_ZONE = ZoneInfo("Europe/Paris")
"""The market's time zone: days in mails are the ones on its clocks."""


class UnknownText(KeyError):
    """A key that the catalogue does not have."""


class Texts:
    """Implements ``ports.Texts`` for one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._region = LOCALES[locale]
        self._catalogue = _compiled(locale)

    def text(self, key: str, **values: Any) -> str:
        found = self._catalogue.gettext(key)
        if found == key:
            raise UnknownText(f"{key} ({self.locale})")
        return found.format(**values)

    def plural(self, key: str, count: int, **values: Any) -> str:
        found = self._catalogue.ngettext(key, f"{key}.plural", count)
        if found in (key, f"{key}.plural"):
            raise UnknownText(f"{key} ({self.locale})")
        return found.format(count=count, **values)

    def money(self, money: Money) -> str:
        amount = Decimal(money.amount).scaleb(-get_currency_precision(money.currency))
        return format_currency(amount, money.currency, locale=self._region)

    def day(self, moment: datetime) -> str:
        """For example "vendredi 6 mars 2026"."""
        return format_date(moment.astimezone(_ZONE), "full", locale=self._region)


@cache
def texts_in(locale: str) -> Texts:
    """French for languages that we do not have."""
    return Texts(locale if locale in LOCALES else "fr")


def _compiled(locale: str) -> gettext.GNUTranslations:
    source = resources.files("messaging").joinpath("locales", locale, "LC_MESSAGES", "messages.po")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

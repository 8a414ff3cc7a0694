"""Lines of the notification list, in both languages."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.values import LocalText, Money
from messaging.ports import Texts


def notice_text(row: Mapping[str, Any], texts: Callable[[str], Texts]) -> LocalText:
    """What a row of the list says; the order's number appears once its event is here."""
    return LocalText(fr=_say(row, texts("fr")), en=_say(row, texts("en")))


def _say(row: Mapping[str, Any], t: Texts) -> str:
    details = row["details"]
    amount = t.money(Money(**details["net"])) if "net" in details else ""
    number = row["number"] or ""
    return t.text(f"notice.{row['kind']}", number=number, amount=amount, rating=details.get("rating", ""))

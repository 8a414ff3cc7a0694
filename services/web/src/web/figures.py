"""Reports of the API as figures for people: days without sales filled in, changes in words, what made a difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_percent

from web.languages import Language

MARKET = ZoneInfo("Europe/Paris")
_LOCALE = {"fr": "fr_FR", "en": "en_GB"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """What one seller or category sold now and before, in minor units; the difference is its part of the change."""

    key: str
    name: str | None
    now: int
    before: int
    orders_now: int
    orders_before: int

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Change:
    """Sales of a day against another: how much comes from the number of orders and how much from their size."""

    now: int
    before: int
    orders_now: float
    orders_before: float

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def by_orders(self) -> int:
        """More or fewer orders, each as large as before."""
        if not self.orders_before:
            return self.difference
        return round((self.orders_now - self.orders_before) * self.before / self.orders_before)

    @property
    def by_size(self) -> int:
        """The rest: larger or smaller orders."""
        return self.difference - self.by_orders


def today() -> date:
    """The market's day, as the API's figures count it."""
    return datetime.now(MARKET).date()


def days_until(last: date, count: int) -> list[date]:
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def currency_of(*reports: Row) -> str:
    """The currency that most was sold in; euros while nothing was."""
    totals = [total for report in reports for total in report["totals"]]
    return str(max(totals, key=lambda t: t["gross"]["amount"])["gross"]["currency"]) if totals else "EUR"


def total(report: Row, currency: str) -> dict[str, int]:
    """Orders, units, gross, commission and net of a report in one currency, in minor units; zeros when nothing was sold."""
    for row in report["totals"]:
        if row["gross"]["currency"] == currency:
            money = {name: row[name]["amount"] if row[name] else 0 for name in ("gross", "commission", "net")}
            return {"orders": row["orders"], "units": row["units"], **money}
    return dict.fromkeys(("orders", "units", "gross", "commission", "net"), 0)


def daily_points(report: Row, days: Sequence[date], currency: str, language: Language) -> list[tuple[str, int, str]]:
    """Gross per day for a chart: label, value, value as text."""
    sold = {row["key"]: row["gross"]["amount"] for row in report["items"] if row["gross"]["currency"] == currency}
    points = [(short_day(day, language), sold.get(day.isoformat(), 0)) for day in days]
    return [(label, amount, language.money({"amount": amount, "currency": currency})) for label, amount in points]


def shares(now: Row, before: Row, currency: str, *, divide_by: int = 1) -> list[Share]:
    """Every seller or category of two reports, the largest difference first; ``divide_by``: days in ``before``."""
    found: dict[str, dict[str, Any]] = {}
    for which, report in (("now", now), ("before", before)):
        for row in report["items"]:
            if row["gross"]["currency"] == currency:
                one = found.setdefault(row["key"], {"name": None})
                one["name"] = one["name"] or row["name"]
                one[which], one[f"orders_{which}"] = row["gross"]["amount"], row["orders"]
    made = [
        Share(
            key=key,
            name=one["name"],
            now=one.get("now", 0),
            before=round(one.get("before", 0) / divide_by),
            orders_now=one.get("orders_now", 0),
            orders_before=round(one.get("orders_before", 0) / divide_by),
        )
        for key, one in found.items()
    ]
    return sorted(made, key=lambda share: (-abs(share.difference), share.key))


def change_text(now: float, before: float, language: Language) -> tuple[str, str]:
    """``+12 %`` and ``up``, ``down`` or nothing. Without anything before there is nothing to compare with."""
    if not before:
        return "", ""
    ratio = (now - before) / before
    text = format_percent(abs(ratio), locale=_LOCALE[language.code])
    if now == before:
        return text, ""
    return f"{'+' if ratio > 0 else '−'}{text}", "up" if ratio > 0 else "down"


def percent(part: int, whole: int, language: Language) -> str:
    """``12 %``; nothing where there is no whole."""
    return str(format_percent(part / whole, locale=_LOCALE[language.code])) if whole else ""


def short_day(day: date, language: Language) -> str:
    written: str = format_date(day, "d MMM", locale=_LOCALE[language.code])
    return written


def long_day(day: date, language: Language) -> str:
    pattern = "EEEE d MMMM y"
    written: str = format_date(day, pattern, locale=_LOCALE[language.code])
    return written


def widest(items: Iterable[Share]) -> int:
    """The largest difference, for drawing the others beside it."""
    return max((abs(one.difference) for one in items), default=0) or 1

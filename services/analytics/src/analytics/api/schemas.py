"""Answers of analytics."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from contracts.values import Money


class SalesRow(BaseModel):
    """``commission`` and ``net`` are null by category: they are booked per seller order."""

    key: str
    name: str | None
    orders: int
    units: int
    gross: Money
    commission: Money | None
    net: Money | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "SalesRow":
        return cls(
            key=row["key"],
            name=row["name"],
            orders=row["orders"],
            units=row["units"],
            gross=Money(amount=row["gross"], currency=row["currency"]),
            commission=_money(row["commission"], row["currency"]),
            net=_money(row["net"], row["currency"]),
        )


class SalesReport(BaseModel):
    """``totals`` has one row per currency."""

    items: list[SalesRow]
    totals: list[SalesRow]


class AudienceDay(BaseModel):
    """``visits`` are those that agreed to be counted; ``orders`` and ``buyers`` are everybody's."""

    day: date
    visits: int
    orders: int
    buyers: int
    new_buyers: int
    searches: int
    without_hits: int


class ReachedPage(BaseModel):
    """How many counted visits saw a page (a route's name)."""

    page: str
    visits: int


class UnansweredSearch(BaseModel):
    query: str
    searches: int


class AudienceReport(BaseModel):
    items: list[AudienceDay]
    pages: list[ReachedPage]
    unanswered: list[UnansweredSearch]


class ConsumerFigures(BaseModel):
    """A consumer group: events not taken yet, and records in its dead-letter topics (kept after a replay, too)."""

    group: str
    lag: int
    dead_letters: int


class Pipeline(BaseModel):
    consumers: list[ConsumerFigures]


class TracedEvent(BaseModel):
    event_id: str
    topic: str
    type: str
    source: str
    subject: str
    sequence: int
    correlation_id: str
    causation_id: str | None
    time: datetime


class Trace(BaseModel):
    events: list[TracedEvent]


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=currency)

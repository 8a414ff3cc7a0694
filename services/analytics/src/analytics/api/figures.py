"""Sales figures and traces over HTTP."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from analytics import queries
from analytics.api.schemas import (
    AudienceDay,
    AudienceReport,
    ReachedPage,
    SalesReport,
    SalesRow,
    Trace,
    TracedEvent,
    UnansweredSearch,
)
from analytics.queries import GroupBy
from chassis.clock import Clock
from chassis.db import Database
from edge.auth import Principal, allow
from edge.errors import AppError, NotFound, Violation

LONGEST = timedelta(days=400)


class BadPeriod(AppError):
    status = 422
    code = "invalid-period"
    title = "Invalid period"


def router(db: Database, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["figures"])

    @routes.get("/operator/sales")
    async def sales(
        _: Annotated[Principal, allow("admin", "support")],
        group_by: GroupBy = "day",
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
    ) -> SalesReport:
        """Sales of confirmed orders by day, seller or category; the last 30 days unless told."""
        return await _report(db, group_by, _period(first, last, clock().date()), None)

    @routes.get("/sellers/{seller_id}/sales")
    async def of_seller(
        seller_id: str,
        principal: Annotated[Principal, allow("seller-owner", "seller-staff")],
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
    ) -> SalesReport:
        """The same by day for one's own shop."""
        if not principal.member_of(seller_id):
            raise NotFound("There is no such shop of yours.")
        return await _report(db, "day", _period(first, last, clock().date()), seller_id)

    @routes.get("/operator/audience")
    async def audience(
        _: Annotated[Principal, allow("admin", "support")],
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
    ) -> AudienceReport:
        """Who came, looked and bought, by day; pages reached and searches without an answer over the whole period."""
        begin, end = _period(first, last, clock().date())
        async with db.reading() as tx:
            days = await queries.audience(tx, first=begin, last=end)
            pages = await queries.reached(tx, first=begin, last=end)
            unanswered = await queries.unanswered(tx, first=begin, last=end)
        return AudienceReport(
            items=[AudienceDay(**row) for row in days],
            pages=[ReachedPage(**row) for row in pages],
            unanswered=[UnansweredSearch(**row) for row in unanswered],
        )

    @routes.get("/operator/traces/{anchor}")
    async def trace(anchor: str, _: Annotated[Principal, allow("admin", "support")]) -> Trace:
        """Events that a request caused (its Halles-Request-Id), or those about one aggregate (its id)."""
        async with db.reading() as tx:
            return Trace(events=[TracedEvent(**row) for row in await queries.trace(tx, anchor=anchor)])

    return routes


async def _report(db: Database, group_by: GroupBy, period: tuple[date, date], seller_id: str | None) -> SalesReport:
    first, last = period
    async with db.reading() as tx:
        rows = await queries.sales(tx, group_by=group_by, first=first, last=last, seller_id=seller_id)
        totals = await queries.totals(tx, first=first, last=last, seller_id=seller_id)
    return SalesReport(items=[SalesRow.of(row) for row in rows], totals=[SalesRow.of(row) for row in totals])


def _period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    end = last or today + timedelta(days=1)
    begin = first or end - timedelta(days=30)
    if not timedelta() <= end - begin <= LONGEST:
        violation = Violation("?from", "invalid-period", "`from` lies at most 400 days before `to`.")
        raise BadPeriod("The period is empty or too long.", errors=[violation])
    return begin, end

"""The dashboard: what happened lately, for a person."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from standins.outbound.queue import DeliveryQueue
from standins.pages.rendering import Pages
from standins.stripe.session import ListQuery
from standins.stripe.shape import PLATFORM, JsonObject
from standins.stripe.unit import Unit, World

_SHOWN = 50


class Dashboard:
    """Lists payments, transfers, refunds, accounts and events, newest first."""

    def __init__(self, world: World, pages: Pages, *, queue: DeliveryQueue) -> None:
        self._world = world
        self._pages = pages
        self._queue = queue

    async def show(self, request: Request) -> Response:
        """Show everything on one page."""
        with self._world.begin() as unit:
            context: dict[str, Any] = {
                "balance": unit.ledger.balance(PLATFORM),
                "payments": [_payment(row) for row in _newest(unit, "payment_intent")],
                "transfers": [_transfer(row) for row in _newest(unit, "transfer")],
                "refunds": [_refund(row) for row in _newest(unit, "refund")],
                "accounts": [_account(row) for row in _newest(unit, "account")],
                "events": [self._event(row) for row in _newest(unit, "event")],
            }
        return self._pages.page(request, "dashboard.html", **context)

    async def show_account(self, request: Request) -> Response:
        """Show a connected account's balance, as its login link promises."""
        with self._world.begin() as unit:
            account = unit.session.get("account", request.path_params["id"])
            if account is None:
                return self._pages.page(request, "notice.html", status=404, text=request.path_params["id"])
            balance = unit.ledger.balance(account["id"])
        name = account["display_name"] or account["email"] or ""
        return self._pages.page(request, "account.html", account=account["id"], name=name, balance=balance)

    def _event(self, row: JsonObject) -> tuple[object, ...]:
        return _when(row), row["id"], row["type"], self._queue.undelivered(row["id"])


def _newest(unit: Unit, kind: str) -> list[JsonObject]:
    return unit.session.page(ListQuery(kind, PLATFORM, limit=_SHOWN)).rows


def _payment(row: JsonObject) -> tuple[object, ...]:
    return _when(row), row["id"], _amount(row), row["status"], row["transfer_group"] or ""


def _transfer(row: JsonObject) -> tuple[object, ...]:
    return _when(row), row["id"], _amount(row), row["destination"], row["transfer_group"] or ""


def _refund(row: JsonObject) -> tuple[object, ...]:
    return _when(row), row["id"], _amount(row), row["status"]


def _account(row: JsonObject) -> tuple[object, ...]:
    return _when(row), row["id"], row["display_name"] or row["email"] or "", row["_state"]


def _amount(row: JsonObject) -> str:
    return f"{row['amount'] // 100}.{row['amount'] % 100:02d} {row['currency'].upper()}"


def _when(row: JsonObject) -> str:
    return datetime.fromtimestamp(row["created"], tz=UTC).strftime("%Y-%m-%d %H:%M:%S")

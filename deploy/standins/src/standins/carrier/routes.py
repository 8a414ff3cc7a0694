"""The carrier's API for shops, its tracking page, and the page where a person plays the carrier."""

from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from standins.carrier.domain import FINAL, ParcelStatus, can_follow
from standins.carrier.settings import CarrierSettings
from standins.carrier.store import MoveRefusedError, ParcelBook, TrackingNumberTakenError, UnknownParcelError
from standins.outbound.queue import DeliveryQueue
from standins.outbound.sender import Sender
from standins.pages.rendering import Pages, stylesheet

_LONGEST_TEXT = 100
_STEPS = tuple(status for status in ParcelStatus if status != ParcelStatus.REGISTERED)


class CarrierRoutes:
    """Routes over the book of parcels."""

    def __init__(self, parcels: ParcelBook, sender: Sender, *, queue: DeliveryQueue, settings: CarrierSettings) -> None:
        self._parcels = parcels
        self._sender = sender
        self._queue = queue
        self._public_url = settings.public_url
        self._pages = Pages("standins.carrier")

    def app(self) -> Starlette:
        """Build the application."""
        return Starlette(
            routes=[
                Route("/", self.show_parcels),
                Route("/track/{number}", self.show_tracking),
                Route("/parcels/{number}/move", self.move_by_hand, methods=["POST"]),
                Route("/api/shipments", self.register, methods=["POST"]),
                Route("/api/parcels/{number}", self.read_parcel),
                Route("/api/parcels/{number}/events", self.add_event, methods=["POST"]),
                Route("/api/deliveries", self.list_deliveries),
                Route("/static/standin.css", stylesheet),
                Route("/readyz", _ready),
            ]
        )

    async def register(self, request: Request) -> Response:
        """Register a parcel; the same reference gets the same answer."""
        body = await _body(request)
        texts = {name: body.get(name) for name in ("reference", "carrier", "tracking_number")}
        unknown = set(body) - set(texts)
        if unknown or not _is_text(texts["reference"]) or not _is_text(texts["carrier"]):
            return _error("reference and carrier are needed, tracking_number is optional, nothing else is known", 422)
        if texts["tracking_number"] is not None and not _is_text(texts["tracking_number"]):
            return _error("tracking_number must be a text", 422)
        try:
            parcel = self._parcels.register(
                str(texts["reference"]), str(texts["carrier"]), tracking_number=texts["tracking_number"]
            )
        except TrackingNumberTakenError:
            return _error("another reference has this tracking number", 409)
        return _json(self._shape(parcel), status=201)

    async def read_parcel(self, request: Request) -> Response:
        """Return a parcel with its events."""
        try:
            return _json(self._shape(self._parcels.get(request.path_params["number"])))
        except UnknownParcelError:
            return _error("no such parcel", 404)

    async def add_event(self, request: Request) -> Response:
        """Move a parcel; the same status twice is the same event."""
        status = (await _body(request)).get("status")
        if status not in _STEPS:
            return _error(f"status must be one of {', '.join(_STEPS)}", 422)
        try:
            event = self._parcels.move(request.path_params["number"], ParcelStatus(status))
        except UnknownParcelError:
            return _error("no such parcel", 404)
        except MoveRefusedError as error:
            return _error(str(error), 409)
        self._sender.wake()
        return _json(event, status=201)

    async def list_deliveries(self, request: Request) -> Response:
        """List callbacks on their way and past, newest first."""
        return _json({"deliveries": self._queue.listed(state=request.query_params.get("state"))})

    async def show_parcels(self, request: Request) -> Response:
        """Show the parcels that moved last, with the buttons that move them."""
        rows = [(parcel, _possible(parcel)) for parcel in self._parcels.newest()]
        return self._pages.page(request, "parcels.html", rows=rows)

    async def show_tracking(self, request: Request) -> Response:
        """Show a parcel's journey."""
        number = request.path_params["number"]
        try:
            parcel = self._parcels.get(number)
        except UnknownParcelError:
            return self._pages.page(request, "missing.html", status=404, number=number)
        return self._pages.page(
            request, "track.html", parcel=parcel, events=self._parcels.events(number), possible=_possible(parcel)
        )

    async def move_by_hand(self, request: Request) -> Response:
        """Move a parcel from a page."""
        number = request.path_params["number"]
        status = str((await request.form()).get("status", ""))
        try:
            self._parcels.move(number, ParcelStatus(status))
        except (ValueError, UnknownParcelError, MoveRefusedError):
            return self._pages.page(request, "missing.html", status=409, number=number)
        self._sender.wake()
        return RedirectResponse(f"/track/{number}", status_code=303)

    def _shape(self, parcel: dict[str, Any]) -> dict[str, Any]:
        number = parcel["tracking_number"]
        return {
            "tracking_number": number,
            "reference": parcel["reference"],
            "carrier": parcel["carrier"],
            "status": parcel["status"],
            "created_at": parcel["created_at"],
            "tracking_url": f"{self._public_url}/track/{number}",
            "events": self._parcels.events(number),
        }


def _possible(parcel: dict[str, Any]) -> list[ParcelStatus]:
    status = ParcelStatus(parcel["status"])
    return [] if status in FINAL else [step for step in _STEPS if can_follow(status, step)]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


async def _ready(_: Request) -> Response:
    return _json({"status": "ready", "standin": "carrier"})


def _error(message: str, status: int) -> Response:
    return _json({"error": message}, status=status)


def _json(body: object, *, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")

"""The carrier's callback: signed, taken once."""

from fastapi import APIRouter, Request
from pydantic import ValidationError

from chassis.clock import Clock
from chassis.db import Database
from edge.auth import unauthenticated
from logistics.api.schemas import CallbackAnswer, CallbackRequest
from logistics.domain.errors import MalformedCallback
from logistics.domain.signature import check_signature
from logistics.service.tracking import take_callback

SIGNATURE = "Carrier-Signature"
_LONGEST_BODY = 20_000


def router(db: Database, *, secret: str, clock: Clock) -> APIRouter:
    """The route that carriers call."""
    routes = APIRouter(tags=["callbacks"])

    @routes.post("/webhooks/carrier", dependencies=[unauthenticated("the carrier signs the raw body")])
    async def called(request: Request) -> CallbackAnswer:
        """Take a step of a parcel. Forged, old and malformed callbacks are refused and leave nothing behind."""
        raw = await request.body()
        check_signature(request.headers.get(SIGNATURE), raw, secret=secret, now=clock())
        told = _parsed(raw).to_domain()
        async with db.hot_transaction() as tx:
            outcome = await take_callback(tx, told)
        return CallbackAnswer(outcome=outcome)

    return routes


def _parsed(raw: bytes) -> CallbackRequest:
    if len(raw) > _LONGEST_BODY:
        raise MalformedCallback(f"A callback has at most {_LONGEST_BODY} bytes.")
    try:
        return CallbackRequest.model_validate_json(raw)
    except ValidationError as error:
        fields = sorted({"/" + "/".join(map(str, item["loc"])) for item in error.errors()})
        raise MalformedCallback(f"These fields are missing or wrong: {', '.join(fields)}.") from None

"""Where Stripe reports: verified, stored, acknowledged; the work is done later."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from chassis.db import Database, after_commit
from edge.auth import unauthenticated
from edge.errors import AppError, NotFound
from payment.domain.notices import is_wanted
from payment.metrics import WEBHOOKS
from payment.ports import WebhookVerifier
from payment.repository import webhooks
from payment.repository.webhooks import Stored
from payment.wakes import Gathered

MAX_BYTES = 512 * 1024
_DESTINATION = "stripe"


class WebhookTooLarge(AppError):
    """No event of the provider is that large."""

    status = 413
    code = "too-large"
    title = "Too large"


def router(db: Database, verifier: WebhookVerifier, *, wake: Callable[[], None]) -> APIRouter:
    """Build the route."""
    routes = APIRouter(tags=["webhooks"], include_in_schema=False)
    wake_later = Gathered(wake, seconds=1)

    @routes.post(
        "/webhooks/stripe",
        status_code=204,
        dependencies=[unauthenticated("the signature over the raw bytes proves the sender")],
    )
    async def receive(request: Request) -> Response:
        """Take one event. The same event again is acknowledged and changes nothing."""
        if not verifier.is_configured:
            raise NotFound("There is nothing here.")
        body = await _body(request)
        notice = verifier.verify(body, request.headers.get("stripe-signature"))
        async with db.hot_transaction() as tx:
            wanted = is_wanted(notice.type)
            stored = await webhooks.store(tx, notice, destination=_DESTINATION, body=body, is_wanted=wanted)
            if stored is not Stored.DUPLICATE and wanted:
                after_commit(tx, wake if stored is Stored.DUE else wake_later)
        WEBHOOKS.labels("duplicate" if stored is Stored.DUPLICATE else "stored").inc()
        return Response(status_code=204)

    return routes


async def _body(request: Request) -> bytes:
    """Read the raw bytes, bounded while they arrive."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BYTES:
            raise WebhookTooLarge(f"An event has at most {MAX_BYTES} bytes.")
    return bytes(received)

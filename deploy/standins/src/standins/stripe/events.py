"""Events: written with the change they report, and queued for every address that wants them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import orjson

from standins.outbound.queue import DeliveryQueue
from standins.stripe.session import Session
from standins.stripe.shape import API_VERSION, PLATFORM, JsonObject

PLATFORM_EVENTS = frozenset(
    [
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.processing",
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "charge.succeeded",
        "charge.failed",
        "charge.updated",
        "charge.expired",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "transfer.created",
        "transfer.updated",
        "transfer.reversed",
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.failed",
        "payout.canceled",
        "topup.created",
        "topup.succeeded",
        "balance.available",
        "payment_method.detached",
        "payment_method.automatically_updated",
    ]
)
"""What the platform's address is subscribed to; other events are stored and listed, not sent."""

CONNECT_EVENTS = frozenset(
    [
        "account.updated",
        "capability.updated",
        "account.application.deauthorized",
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.failed",
        "payout.canceled",
    ]
)
"""What the address for connected accounts is subscribed to."""


@dataclass(frozen=True)
class RequestOrigin:
    """The request that caused an event; both None when time or a page did."""

    request_id: str | None
    idempotency_key: str | None


@dataclass(frozen=True)
class Distortion:
    """How an injected fault changes the sending of one event."""

    copies: int = 1
    delay: float = 0.0
    signing: str = "right"


class WebhookFaults(Protocol):
    """Where the rules about webhooks come from."""

    def distort(self, event_type: str) -> Distortion:
        """Return how the event is to be sent."""
        ...


class EventOutbox:
    """Queues events for the addresses that are set up."""

    def __init__(
        self,
        queue: DeliveryQueue,
        *,
        faults: WebhookFaults,
        targets: frozenset[str],
        platform_events: frozenset[str] = PLATFORM_EVENTS,
    ) -> None:
        self._queue = queue
        self._faults = faults
        self._targets = targets
        self._subscribed = {"platform": platform_events, "connect": CONNECT_EVENTS}

    def wants(self, target: str, event_type: str) -> bool:
        """Say whether an address is set up and subscribed."""
        return target in self._targets and (target == "thin" or event_type in self._subscribed[target])

    def send(self, event: JsonObject, target: str, *, now: float) -> None:
        """Queue the event as the rules of the moment say."""
        distortion = self._faults.distort(event["type"])
        body = orjson.dumps(event)
        for _ in range(max(distortion.copies, 1)):
            self._queue.add(
                (event["id"], event["type"]),
                target,
                body=body,
                now=now,
                delay=distortion.delay,
                signing=distortion.signing,
                state="waiting" if distortion.copies else "dropped",
            )

    def pending(self, event_id: str) -> int:
        """Return how many addresses have not accepted the event yet."""
        return self._queue.undelivered(event_id)


class EventLog:
    """Records events of one unit of work."""

    def __init__(self, session: Session, outbox: EventOutbox, *, now: int, origin: RequestOrigin) -> None:
        self._session = session
        self._outbox = outbox
        self._now = now
        self._origin = origin

    def emit(
        self, event_type: str, subject: JsonObject, *, previous: JsonObject | None = None, account: str = PLATFORM
    ) -> None:
        """Record a snapshot event about the subject as it is now."""
        target = "platform" if account == PLATFORM else "connect"
        is_sent = self._outbox.wants(target, event_type)
        data = {"object": public(subject)} | ({"previous_attributes": previous} if previous is not None else {})
        event = {
            "id": self._session.ids.next("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self._now,
            "data": orjson.Fragment(orjson.dumps(data)),
            "livemode": False,
            "pending_webhooks": int(is_sent),
            "request": {"id": self._origin.request_id, "idempotency_key": self._origin.idempotency_key},
            "type": event_type,
        } | ({} if account == PLATFORM else {"account": account})
        self._session.add("event", account, event)
        if is_sent:
            self._outbox.send(event, target, now=self._now)

    def pending(self, event_id: str) -> int:
        """Return how many addresses have not accepted the event yet."""
        return self._outbox.pending(event_id)

    def emit_thin(self, event_type: str, account: str | None, *, data: JsonObject | None = None) -> None:
        """Record a v2 event, about a connected account if it names one, and notify thinly."""
        created = rfc3339(self._now)
        notification: JsonObject = {
            "id": self._session.ids.next("evt"),
            "object": "v2.core.event",
            "type": event_type,
            "created": created,
            "livemode": False,
            "context": None,
            "reason": None,
        }
        if account is not None:
            url = f"/v2/core/accounts/{account}"
            notification["related_object"] = {"id": account, "type": "v2.core.account", "url": url}
        stored = notification | {"created": self._now, "data": data or {}}
        self._session.add("v2_event", PLATFORM, stored)
        if self._outbox.wants("thin", event_type):
            self._outbox.send(notification, "thin", now=self._now)


def public(body: JsonObject) -> JsonObject:
    """Return the body without what only the stand-in knows (names that begin with an underscore)."""
    return {name: value for name, value in body.items() if not name.startswith("_")}


def rfc3339(moment: int) -> str:
    """Return unix seconds as v2 writes times."""
    return datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

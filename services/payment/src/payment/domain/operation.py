"""One call that moves money or makes an account: written down before it is made (payments.md 4.5)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.ids import new_id


class Kind(StrEnum):
    CREATE_INTENT = "create-intent"
    CONFIRM_INTENT = "confirm-intent"
    CAPTURE_INTENT = "capture-intent"
    CANCEL_INTENT = "cancel-intent"
    CREATE_REFUND = "create-refund"
    CREATE_TRANSFER = "create-transfer"
    CREATE_ACCOUNT = "create-account"
    HOLD_PAYOUTS = "hold-payouts"


class OperationState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Operation:
    """``request`` are the frozen bytes that a retry sends again; ``attempt`` grows only after a definite refusal.

    ``is_failure_final``: the provider has stored a failure under this key, so asking again cannot tell more.
    """

    operation_id: str
    kind: Kind
    business_key: str
    attempt: int
    subject_id: str
    request: bytes
    state: OperationState = OperationState.PLANNED
    card_attempt: int | None = None
    error: str | None = None
    is_failure_final: bool = False
    is_key_mismatched: bool = False
    tries: int = 0
    sent_at: datetime | None = None
    age_seconds: int = 0
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None

    @property
    def idempotency_key(self) -> str:
        """The same for the same decision, whoever sends it and however often."""
        return f"{self.business_key}:{self.attempt}"

    @property
    def request_hash(self) -> bytes:
        return hashlib.sha256(self.request).digest()


def plan(
    kind: Kind, business_key: str, *, subject_id: str, request: bytes, card_attempt: int | None = None
) -> Operation:
    """Decide on a call. The repository numbers the attempt when it writes the row."""
    return Operation(new_id("op"), kind, business_key, 1, subject_id, request, card_attempt=card_attempt)


def pause_seconds(tries: int) -> int:
    """Return the wait before asking again: 1, 2, 4 … at most 60 seconds."""
    return min(1 << min(max(tries - 1, 0), 6), 60)

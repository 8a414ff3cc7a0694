"""What the provider says, in our words. Adapters map their objects to these at the edge."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IntentStatus(StrEnum):
    """Mirror of the provider's intent (payments.md 4.1)."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Movement:
    """A balance transaction: ``net`` in minor units, signed as our balance sees it."""

    movement_id: str
    currency: str
    fee: int
    net: int
    available_at: datetime
    is_available: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """``decline_reason`` is the newest refusal; ``movement`` is absent until the provider knows its fee."""

    intent_id: str
    status: IntentStatus
    order_id: str | None
    amount: int
    charge_id: str | None = None
    redirect_url: str | None = None
    decline_reason: str | None = None
    movement: Movement | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    transfer_id: str
    seller_order_id: str | None
    amount: int
    movement: Movement | None


class RefundStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Refund:
    refund_id: str
    status: RefundStatus
    order_id: str | None
    amount: int
    movement: Movement | None


class PayoutStatus(StrEnum):
    """Where a seller stands with the provider (payments.md 1.6)."""

    NOT_STARTED = "not_started"
    ONBOARDING = "onboarding"
    PENDING = "pending"
    ACTIVE = "active"
    TRANSFERS_ONLY = "transfers_only"
    RESTRICTED = "restricted"
    REJECTED = "rejected"
    CLOSED = "closed"

    @property
    def takes_transfers(self) -> bool:
        """Whether settlements can be transferred."""
        return self in (PayoutStatus.ACTIVE, PayoutStatus.TRANSFERS_ONLY)


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    """``status`` is what the object alone says; whether it was active before is ours to know."""

    account_id: str
    seller_id: str | None
    status: PayoutStatus


@dataclass(frozen=True, slots=True)
class PayoutSchedule:
    """When the provider pays a seller's balance out to their bank; ``manual``: when we say so."""

    account_id: str
    interval: str


Answer = Intent | Transfer | Refund | PayoutAccount | PayoutSchedule


def id_of(answer: Answer) -> str:
    """Return the provider's id of an object."""
    match answer:
        case Intent():
            return answer.intent_id
        case Transfer():
            return answer.transfer_id
        case Refund():
            return answer.refund_id
        case PayoutAccount() | PayoutSchedule():
            return answer.account_id


@dataclass(frozen=True, slots=True)
class Done:
    """The provider did it."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Refused:
    """Definite: it was not done. ``answer`` is the object as it stands, when the provider sent it along."""

    reason: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """Nothing was executed (too many requests, the first copy is still running, our key is not accepted): ask again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows (time-out, cut connection, 5xx). ``is_final``: the provider has stored this failure for the key."""

    reason: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class KeyMismatch:
    """Our key was used with other parameters before: a bug of ours, and money may have moved."""

    reason: str


Outcome = Done | Refused | NotExecuted | Unclear | KeyMismatch

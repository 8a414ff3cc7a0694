"""What this service needs from the world outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from payment.domain.facts import Answer, Intent, Movement, Outcome, PayoutAccount, Refund, Transfer
from payment.domain.operation import Kind


@dataclass(frozen=True, slots=True)
class CreateIntent:
    order_id: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmIntent:
    """``payment_method`` is the provider's token; the buyer comes back from 3-D Secure to ``return_url``."""

    intent_id: str
    payment_method: str
    return_url: str


@dataclass(frozen=True, slots=True)
class CaptureIntent:
    intent_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class CancelIntent:
    intent_id: str


@dataclass(frozen=True, slots=True)
class CreateRefund:
    intent_id: str
    order_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class CreateTransfer:
    """Share of a charge for one seller; ``account_id`` is the seller's at the provider."""

    seller_order_id: str
    order_id: str
    account_id: str
    charge_id: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """``country`` is ISO 3166-1 alpha-2; ``currency`` ISO 4217."""

    seller_id: str
    name: str
    country: str
    contact_email: str
    currency: str


@dataclass(frozen=True, slots=True)
class HoldPayouts:
    """The provider keeps a seller's balance until the platform decides to pay it out (payments.md D4)."""

    account_id: str


Call = (
    CreateIntent
    | ConfirmIntent
    | CaptureIntent
    | CancelIntent
    | CreateRefund
    | CreateTransfer
    | CreateAccount
    | HoldPayouts
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified webhook: only a hint that an object may have changed. About a charge, ``object_id`` is its intent's."""

    event_id: str
    type: str
    object_id: str
    api_version: str


class PaymentProvider(Protocol):
    """A payment service with split payouts. Stripe is the first; ``adapters`` implements it."""

    def freeze(self, call: Call) -> tuple[Kind, bytes]:
        """Return the exact request for a call, to be stored before it is sent."""
        ...

    async def send(self, kind: Kind, request: bytes, *, key: str) -> Outcome:
        """Make the call. Never raises for what the provider or the network does."""
        ...

    async def find(self, kind: Kind, request: bytes, *, since: datetime) -> Answer | None:
        """Look whether a call that was sent at ``since`` or later took effect. None: it has not, so far.

        :raises errors.Unavailable: the provider does not answer.
        """
        ...

    # Reads raise ``errors.Unavailable`` when the provider does not answer and ``LookupError`` when it knows no such object.
    async def read_intent(self, intent_id: str) -> Intent: ...
    async def read_transfer(self, transfer_id: str) -> Transfer: ...
    async def read_refund(self, refund_id: str) -> Refund: ...
    async def read_account(self, account_id: str) -> PayoutAccount: ...
    async def read_movement(self, movement_id: str) -> Movement: ...

    async def onboarding_link(self, account_id: str, *, return_url: str) -> str:
        """Mint a single-use address where the seller completes their account."""
        ...


class WebhookVerifier(Protocol):
    """Checks that a webhook comes from the provider."""

    @property
    def is_configured(self) -> bool:
        """Without a secret the endpoint is off."""
        ...

    def verify(self, body: bytes, signature: str | None) -> Notice:
        """Return what it is about.

        :raises WebhookRefused: forged, too old, unreadable, or from the other mode.
        """
        ...


class SellerContacts(Protocol):
    """Where to reach a seller, asked of identity at the moment of use."""

    async def email_of(self, seller_id: str) -> str | None:
        """Return the address of an owner, or None when the seller is not known there.

        :raises errors.Unavailable: identity does not answer.
        """
        ...

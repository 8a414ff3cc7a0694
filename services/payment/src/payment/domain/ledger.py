"""Every ledger transaction this service can book, built balanced (payments.md 2.2, 2.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from payment.domain.commission import Split


class Side(StrEnum):
    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Account:
    """A ledger account of one currency. ``may_go_negative`` False makes the database refuse an overdraft."""

    path: str
    normal_side: Side
    may_go_negative: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    account: Account
    side: Side
    amount: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One transaction, booked at most once per (kind, source_type, source_id). Amounts in minor units of ``currency``.

    ``reverses_kind`` names the transaction of the same source that this one corrects.
    """

    kind: str
    source_type: str
    source_id: str
    order_id: str | None
    currency: str
    entries: tuple[Entry, ...]
    reverses_kind: str | None = None

    def __post_init__(self) -> None:
        if total(self.entries, Side.DEBIT) != total(self.entries, Side.CREDIT):
            raise ValueError(f"{self.kind} of {self.source_id} does not balance")


def total(entries: Iterable[Entry], side: Side) -> int:
    """Return the sum of one side in minor units."""
    return sum(entry.amount for entry in entries if entry.side is side)


STRIPE_PENDING = Account("stripe.pending", Side.DEBIT)
STRIPE_AVAILABLE = Account("stripe.available", Side.DEBIT)
PROCESSING = Account("expense.processing", Side.DEBIT)
COUPONS = Account("expense.coupons", Side.DEBIT)
EQUITY = Account("equity.platform", Side.CREDIT)
DEFERRED_COMMISSION = Account("deferred.commission", Side.CREDIT)
DEFERRED_COMMISSION_VAT = Account("deferred.commission_vat", Side.CREDIT)
REVENUE_COMMISSION = Account("revenue.commission", Side.CREDIT)
VAT_PAYABLE = Account("tax.vat_payable", Side.CREDIT)
INFLIGHT_TRANSFER = Account("inflight.transfer", Side.CREDIT, may_go_negative=False)
INFLIGHT_REFUND = Account("inflight.refund", Side.CREDIT, may_go_negative=False)


def seller_held(seller_id: str) -> Account:
    """Captured for the seller, not earned yet."""
    return Account(f"seller.{seller_id}.held", Side.CREDIT, may_go_negative=False)


def seller_payable(seller_id: str) -> Account:
    """Earned by the seller, not transferred yet."""
    return Account(f"seller.{seller_id}.payable", Side.CREDIT, may_go_negative=False)


def custody_stripe(seller_id: str) -> Account:
    """The seller's own money on their account at the provider: a book apart from ours."""
    return Account(f"custody.{seller_id}.stripe", Side.DEBIT)


def custody_owed(seller_id: str) -> Account:
    """Whose that money is."""
    return Account(f"custody.{seller_id}.owed", Side.CREDIT)


def buyer_refund_due(buyer_id: str) -> Account:
    """What a buyer is owed because their bank would not take it back."""
    return Account(f"buyer.{buyer_id}.refund_due", Side.CREDIT, may_go_negative=False)


def debit(account: Account, amount: int) -> Entry:
    return Entry(account, Side.DEBIT, amount)


def credit(account: Account, amount: int) -> Entry:
    return Entry(account, Side.CREDIT, amount)


def legs(*entries: Entry) -> tuple[Entry, ...]:
    """Leave out legs of zero: an entry always moves something."""
    return tuple(entry for entry in entries if entry.amount != 0)


@dataclass(frozen=True, slots=True)
class SellerShare:
    """One seller order inside a captured payment."""

    seller_order_id: str
    seller_id: str
    split: Split


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Builds the transactions of one order in one currency."""

    order_id: str
    currency: str

    def captured(self, amount: int, shares: Iterable[SellerShare], *, platform_coupons: int = 0) -> Posting:
        """The buyer paid ``amount``: held for the sellers, commission deferred until it is earned."""
        parts = tuple(shares)
        held = (credit(seller_held(part.seller_id), part.split.net) for part in parts)
        return self._posting(
            "captured",
            ("order", self.order_id),
            debit(STRIPE_PENDING, amount),
            debit(COUPONS, platform_coupons),
            *held,
            credit(DEFERRED_COMMISSION, sum(part.split.commission for part in parts)),
            credit(DEFERRED_COMMISSION_VAT, sum(part.split.commission_vat for part in parts)),
        )

    def fee_known(self, fee: int) -> Posting:
        """The provider keeps ``fee`` of the charge; the figure is its balance transaction's, never ours."""
        return self._posting("fee-known", ("order", self.order_id), debit(PROCESSING, fee), credit(STRIPE_PENDING, fee))

    def made_available(self, movement_id: str, net: int) -> Posting:
        """A pending movement settled at the provider; ``net`` is negative for money that left."""
        gained, lost = (STRIPE_AVAILABLE, STRIPE_PENDING) if net > 0 else (STRIPE_PENDING, STRIPE_AVAILABLE)
        source = ("balance_movement", movement_id)
        return self._posting("made-available", source, debit(gained, abs(net)), credit(lost, abs(net)))

    def released(self, share: SellerShare) -> Posting:
        """The seller has earned their part, and the market its commission."""
        part = share.split
        return self._posting(
            "released",
            ("settlement", share.seller_order_id),
            debit(seller_held(share.seller_id), part.net),
            debit(DEFERRED_COMMISSION, part.commission),
            debit(DEFERRED_COMMISSION_VAT, part.commission_vat),
            credit(seller_payable(share.seller_id), part.net),
            credit(REVENUE_COMMISSION, part.commission),
            credit(VAT_PAYABLE, part.commission_vat),
        )

    def transfer_decided(self, operation_id: str, seller_id: str, amount: int) -> Posting:
        """A transfer is about to be asked for: the seller's claim is in flight."""
        source = ("operation", operation_id)
        return self._posting(
            "transfer-decided", source, debit(seller_payable(seller_id), amount), credit(INFLIGHT_TRANSFER, amount)
        )

    def transfer_refused(self, operation_id: str, seller_id: str, amount: int) -> Posting:
        """The provider definitely made no transfer: the claim is back."""
        source = ("operation", operation_id)
        back = self._posting(
            "transfer-refused", source, debit(INFLIGHT_TRANSFER, amount), credit(seller_payable(seller_id), amount)
        )
        return replace(back, reverses_kind="transfer-decided")

    def transfer_confirmed(self, operation_id: str, amount: int, *, is_available: bool) -> Posting:
        """The money left our balance at the provider, which may still be pending there (payments.md 2.4)."""
        source = ("operation", operation_id)
        left = STRIPE_AVAILABLE if is_available else STRIPE_PENDING
        return self._posting("transfer-confirmed", source, debit(INFLIGHT_TRANSFER, amount), credit(left, amount))

    def custody_received(self, operation_id: str, seller_id: str, amount: int) -> Posting:
        """The same transfer in the seller's own book."""
        source = ("operation", operation_id)
        return self._posting(
            "custody-received",
            source,
            debit(custody_stripe(seller_id), amount),
            credit(custody_owed(seller_id), amount),
        )

    def refund_decided(self, amount: int, shares: Iterable[SellerShare]) -> Posting:
        """Everything goes back to the buyer before anything was released."""
        parts = tuple(shares)
        held = (debit(seller_held(part.seller_id), part.split.net) for part in parts)
        return self._posting(
            "refund-decided",
            ("order", self.order_id),
            *held,
            debit(DEFERRED_COMMISSION, sum(part.split.commission for part in parts)),
            debit(DEFERRED_COMMISSION_VAT, sum(part.split.commission_vat for part in parts)),
            credit(INFLIGHT_REFUND, amount),
        )

    def refund_confirmed(self, amount: int, *, is_available: bool) -> Posting:
        """The provider paid the buyer back; its fee stays with it."""
        left = STRIPE_AVAILABLE if is_available else STRIPE_PENDING
        return self._posting(
            "refund-confirmed", ("order", self.order_id), debit(INFLIGHT_REFUND, amount), credit(left, amount)
        )

    def refund_returned(self, buyer_id: str, amount: int) -> Posting:
        """The buyer's bank sent a refund back days later: we have the money and still owe it (payments.md 2.4)."""
        return self._posting(
            "refund-returned",
            ("order", self.order_id),
            debit(STRIPE_AVAILABLE, amount),
            credit(buyer_refund_due(buyer_id), amount),
        )

    def _posting(self, kind: str, source: tuple[str, str], *entries: Entry) -> Posting:
        return Posting(kind, source[0], source[1], self.order_id, self.currency, legs(*entries))

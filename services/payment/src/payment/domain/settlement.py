"""A seller order's money: from the frozen split to the transfer (payments.md 4.3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.payment import SettlementAccrued, SettlementCancelled, SettlementReleased, SettlementTransferred
from contracts.values import Money
from payment.domain.commission import Split
from payment.domain.ledger import SellerShare


class SettlementState(StrEnum):
    """``expected`` until the money is captured. ``transfer_requested`` covers the doubt, which the operation's row shows."""

    EXPECTED = "expected"
    HELD = "held"
    RELEASABLE = "releasable"
    TRANSFER_REQUESTED = "transfer_requested"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Settlement:
    """One row of ``settlements``, locked while it is here. ``due_at``: when release or the next transfer may happen."""

    seller_order_id: str
    order_id: str
    seller_id: str
    currency: str
    split: Split
    state: SettlementState = SettlementState.EXPECTED
    delivered_at: datetime | None = None
    due_at: datetime | None = None
    released_by: str | None = None
    blocked_reason: str | None = None
    transfer_id: str | None = None
    correlation_id: str | None = None
    sequence: int = 0

    @property
    def share(self) -> SellerShare:
        return SellerShare(self.seller_order_id, self.seller_id, self.split)


def accrue(settlement: Settlement) -> SettlementAccrued:
    """The money is captured and held for the seller."""
    settlement.state = SettlementState.HELD
    return SettlementAccrued(
        seller_order_id=settlement.seller_order_id,
        order_id=settlement.order_id,
        seller_id=settlement.seller_id,
        gross=_money(settlement, settlement.split.gross),
        commission=_money(settlement, settlement.split.commission + settlement.split.commission_vat),
        net=_money(settlement, settlement.split.net),
    )


def release(settlement: Settlement) -> SettlementReleased:
    """Delivered and the hold is over: the seller has earned it."""
    settlement.state = SettlementState.RELEASABLE
    return SettlementReleased(
        seller_order_id=settlement.seller_order_id,
        order_id=settlement.order_id,
        seller_id=settlement.seller_id,
        net=_money(settlement, settlement.split.net),
    )


def transferred(settlement: Settlement, transfer_id: str | None) -> SettlementTransferred:
    """The seller has the money; a net of zero needs no transfer."""
    settlement.state, settlement.transfer_id = SettlementState.TRANSFERRED, transfer_id
    settlement.blocked_reason = None
    return SettlementTransferred(
        seller_order_id=settlement.seller_order_id,
        order_id=settlement.order_id,
        seller_id=settlement.seller_id,
        net=_money(settlement, settlement.split.net),
    )


def cancel(settlement: Settlement) -> SettlementCancelled:
    """The whole order goes back to the buyer before anything was released."""
    settlement.state = SettlementState.CANCELLED
    return SettlementCancelled(
        seller_order_id=settlement.seller_order_id, order_id=settlement.order_id, seller_id=settlement.seller_id
    )


def _money(settlement: Settlement, amount: int) -> Money:
    return Money(amount=amount, currency=settlement.currency)

"""Tables of payment, mirrored by the migrations. Statements on them live in ``repository``."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata

metadata = new_metadata()
_UNFINISHED = "state IN ('planned', 'sending', 'unknown')"


class Row(SQLModel):
    """Base of this service's tables."""

    metadata = metadata


def _text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def _big(**options: Any) -> Any:
    return Field(sa_type=BigInteger, **options)


def _bytes() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


def _open(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """A partial index on what still waits."""
    return Index(name, *columns, unique=unique, postgresql_where=text(where))


def _moment(*, is_set: bool = True) -> Any:
    """A point in time; ``is_set``: the database sets it when the row is made."""
    default = func.clock_timestamp() if is_set else None
    return Field(sa_column=Column(DateTime(timezone=True), nullable=not is_set, server_default=default))


class PaymentRow(Row, table=True):
    """The payment of one order."""

    __tablename__ = "payments"
    __table_args__ = (_open("payments_fee_unknown_idx", "updated_at", where="state = 'paid' AND fee IS NULL"),)
    order_id: str = _text(primary_key=True)
    payment_id: str = _text(unique=True)
    buyer_id: str | None = _text()
    currency: str = _text()
    amount: int = _big()
    state: str = _text()
    attempt: int
    tried_attempt: int
    told_attempt: int
    payment_method: str | None = _text()
    intent_id: str | None = _text(unique=True)
    charge_id: str | None = _text()
    redirect_url: str | None = _text()
    decline_reason: str | None = _text()
    fee: int | None = _big()
    is_capture_asked: bool
    is_cancel_asked: bool
    is_refund_pending: bool
    has_open_operation: bool
    sequence: int = _big()
    created_at: datetime = _moment()
    updated_at: datetime = _moment()


class OperationRow(Row, table=True):
    """One call to the provider, written before it is made."""

    __tablename__ = "payment_operations"
    __table_args__ = (
        UniqueConstraint("business_key", "attempt"),
        _open("payment_operations_due_idx", "next_try_at", where=_UNFINISHED),
        _open("payment_operations_open_key", "subject_id", where=_UNFINISHED, unique=True),
        Index("payment_operations_subject_id_idx", "subject_id", "operation_id"),
    )
    operation_id: str = _text(primary_key=True)
    kind: str = _text()
    business_key: str = _text()
    attempt: int
    idempotency_key: str = _text(unique=True)
    subject_id: str = _text()
    card_attempt: int | None
    request: bytes = _bytes()
    request_hash: bytes = _bytes()
    state: str = _text()
    provider_id: str | None = _text()
    error: str | None = _text()
    is_failure_final: bool
    is_key_mismatched: bool
    tries: int
    correlation_id: str = _text()
    causation_id: str | None = _text()
    traceparent: str | None = _text()
    planned_at: datetime = _moment()
    next_try_at: datetime = _moment()
    sent_at: datetime | None = _moment(is_set=False)
    resolved_at: datetime | None = _moment(is_set=False)


class SettlementRow(Row, table=True):
    """One seller order's money."""

    __tablename__ = "settlements"
    __table_args__ = (
        _open("settlements_due_idx", "due_at", where="state IN ('held', 'releasable')"),
        Index("settlements_seller_id_idx", "seller_id", "seller_order_id"),
    )
    seller_order_id: str = _text(primary_key=True)
    order_id: str = _text(index=True)
    seller_id: str = _text()
    currency: str = _text()
    gross: int = _big()
    commission: int = _big()
    commission_vat: int = _big()
    net: int = _big()
    state: str = _text()
    delivered_at: datetime | None = _moment(is_set=False)
    due_at: datetime | None = _moment(is_set=False)
    released_by: str | None = _text()
    blocked_reason: str | None = _text()
    transfer_id: str | None = _text(unique=True)
    correlation_id: str | None = _text()
    sequence: int = _big()
    created_at: datetime = _moment()
    updated_at: datetime = _moment()


class CommissionLineRow(Row, table=True):
    """The frozen explanation of the commission on one order line."""

    __tablename__ = "commission_lines"
    line_id: str = _text(primary_key=True)
    seller_order_id: str = _text(foreign_key="settlements.seller_order_id", index=True)
    base: int = _big()
    rate_basis_points: int
    commission: int = _big()
    commission_vat: int = _big()
    frozen_at: datetime = _moment()


class PayoutAccountRow(Row, table=True):
    """A seller and their account at the provider."""

    __tablename__ = "payout_accounts"
    __table_args__ = (_open("payout_accounts_wanted_idx", "next_try_at", where="account_id IS NULL AND is_open"),)
    seller_id: str = _text(primary_key=True)
    name: str = _text()
    country: str = _text()
    is_open: bool
    seller_sequence: int = _big()
    account_id: str | None = _text(unique=True)
    status: str = _text()
    next_try_at: datetime = _moment()
    sequence: int = _big()
    created_at: datetime = _moment()
    updated_at: datetime = _moment()


class BalanceMovementRow(Row, table=True):
    """A balance transaction of the provider."""

    __tablename__ = "balance_movements"
    __table_args__ = (_open("balance_movements_pending_idx", "available_at", where="NOT is_available"),)
    movement_id: str = _text(primary_key=True)
    order_id: str = _text()
    currency: str = _text()
    net: int = _big()
    available_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    is_available: bool


class WebhookEventRow(Row, table=True):
    """A verified webhook, raw."""

    __tablename__ = "webhook_events"
    __table_args__ = (_open("webhook_events_due_idx", "next_try_at", where="state = 'pending'"),)
    destination: str = _text(primary_key=True)
    event_id: str = _text(primary_key=True)
    type: str = _text()
    object_id: str = _text()
    api_version: str = _text()
    payload: bytes = _bytes()
    state: str = _text()
    tries: int
    error: str | None = _text()
    received_at: datetime = _moment()
    next_try_at: datetime = _moment()
    processed_at: datetime | None = _moment(is_set=False)


class LedgerAccountRow(Row, table=True):
    """An account of one currency."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (UniqueConstraint("path", "currency"), UniqueConstraint("account_id", "currency"))
    account_id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    path: str = _text()
    currency: str = _text()
    normal_side: str = _text()
    may_go_negative: bool


class LedgerTransactionRow(Row, table=True):
    """Append-only: balanced when it is committed."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("kind", "source_type", "source_id"),
        Index("ledger_transactions_order_id_idx", "order_id", "transaction_id"),
    )
    transaction_id: str = _text(primary_key=True)
    kind: str = _text()
    source_type: str = _text()
    source_id: str = _text()
    order_id: str | None = _text()
    occurred_at: datetime = _moment()
    booked_at: datetime = _moment()
    reverses_id: str | None = _text(foreign_key="ledger_transactions.transaction_id")


class LedgerEntryRow(Row, table=True):
    """Append-only: one leg."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "currency"], ["ledger_accounts.account_id", "ledger_accounts.currency"]),
    )
    transaction_id: str = _text(primary_key=True, foreign_key="ledger_transactions.transaction_id")
    position: int = Field(primary_key=True, sa_type=SmallInteger)
    account_id: int = _big(index=True)
    currency: str = _text()
    side: str = _text()
    amount: int = _big()


class AccountBalanceRow(Row, table=True):
    """Sums of an account's entries, kept with them in one transaction."""

    __tablename__ = "account_balances"
    account_id: int = _big(primary_key=True, foreign_key="ledger_accounts.account_id")
    normal_side: str = _text()
    may_go_negative: bool
    debits: int = _big()
    credits: int = _big()
    version: int = _big()

"""What the routes answer."""

from datetime import datetime

from pydantic import BaseModel

from contracts.values import LocalText, Money


class NextAction(BaseModel):
    """Where the buyer has to go to confirm with their bank."""

    redirect_url: str


class PaymentView(BaseModel):
    """A buyer's payment of one order. ``status``: the states of the payment's state machine."""

    order_id: str
    status: str
    attempt: int
    next_action: NextAction | None
    decline_reason: str | None
    amount: Money


class TrialMethod(BaseModel):
    """A card of the test world."""

    payment_method: str
    label: LocalText


class PaymentConfig(BaseModel):
    """What a client needs to take a payment method. ``test_methods`` is empty in production."""

    publishable_key: str
    script_url: str | None
    test_methods: list[TrialMethod]


class PayoutAccountView(BaseModel):
    """Where a seller stands with the payment provider. The address works once and for minutes only."""

    seller_id: str
    status: str
    onboarding_url: str | None


class SettlementView(BaseModel):
    """A seller order's money. ``commission`` includes the tax on it; ``due_at`` is when the hold ends."""

    seller_order_id: str
    order_id: str
    seller_id: str
    gross: Money
    commission: Money
    net: Money
    status: str
    delivered_at: datetime | None
    due_at: datetime | None
    blocked_reason: str | None
    transfer_id: str | None


class SettlementPage(BaseModel):
    items: list[SettlementView]
    next: str | None


class EarningsRow(BaseModel):
    """All orders of a shop in one state of their money. ``next_due_at``: when the first hold among them ends."""

    status: str
    orders: int
    gross: Money
    commission: Money
    net: Money
    next_due_at: datetime | None


class Earnings(BaseModel):
    items: list[EarningsRow]


class ChargeView(BaseModel):
    """``fee`` is the provider's own figure, absent until it is known."""

    payment_id: str
    status: str
    intent_id: str | None
    charge_id: str | None
    amount: Money
    fee: Money | None


class LedgerEntryView(BaseModel):
    account: str
    side: str
    amount: Money


class LedgerTransactionView(BaseModel):
    transaction_id: str
    kind: str
    source_type: str
    source_id: str
    booked_at: datetime
    reverses_id: str | None
    entries: list[LedgerEntryView]


class OperationView(BaseModel):
    """One call to the provider."""

    operation_id: str
    kind: str
    idempotency_key: str
    state: str
    provider_id: str | None
    error: str | None
    tries: int
    planned_at: datetime
    sent_at: datetime | None
    resolved_at: datetime | None


class OrderMoney(BaseModel):
    """Everything that moved for an order. ``balanced``: debits equal credits over all its transactions."""

    order_id: str
    charge: ChargeView
    commission: Money
    settlements: list[SettlementView]
    ledger: list[LedgerTransactionView]
    operations: list[OperationView]
    balanced: bool


class BalanceView(BaseModel):
    """``balance`` is positive on the account's normal side."""

    account: str
    currency: str
    normal_side: str
    debits: int
    credits: int
    balance: int


class Balances(BaseModel):
    """``balanced``: all debits equal all credits, per currency."""

    items: list[BalanceView]
    balanced: bool

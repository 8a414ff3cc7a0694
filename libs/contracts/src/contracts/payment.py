"""What payment publishes, and the commands that it takes. Payments are keyed by the order's id, settlements by the seller order's id."""

from contracts.event import Event
from contracts.values import Code, Count, Money, PersonRef, Ref, Value

PAYMENT = "payment.payment.v1"
SETTLEMENT = "payment.settlement.v1"
PAYOUT_ACCOUNT = "payment.payout-account.v1"
COMMANDS = "payment.commands.v1"


class Share(Value):
    """What one seller's part of the order amounts to, tax included, before commission."""

    seller_order_id: Ref
    seller_id: Ref
    amount: Money


class AuthorisePayment(Event, topic=COMMANDS, type="payment.authorise-payment.v1"):
    """Hold ``amount`` on the buyer's payment method. ``attempt`` grows when another card is tried. Shares sum to ``amount``.

    ``payment_method`` is the provider's token, never card data.
    """

    order_id: Ref
    command_id: Ref
    attempt: Count
    buyer_id: PersonRef
    amount: Money
    payment_method: Ref
    shares: tuple[Share, ...]


class CapturePayment(Event, topic=COMMANDS, type="payment.capture-payment.v1"):
    order_id: Ref
    command_id: Ref


class CancelPayment(Event, topic=COMMANDS, type="payment.cancel-payment.v1"):
    """Bring the order's money to zero: void what is held, refund what was captured, bar what has not begun."""

    order_id: Ref
    command_id: Ref


class PaymentAuthorised(Event, topic=PAYMENT, type="payment.payment-authorised.v1"):
    order_id: Ref
    payment_id: Ref
    amount: Money


class PaymentActionRequired(Event, topic=PAYMENT, type="payment.payment-action-required.v1"):
    """3-D Secure: the buyer reads the address from payment through the order."""

    order_id: Ref
    payment_id: Ref
    attempt: Count


class PaymentDeclined(Event, topic=PAYMENT, type="payment.payment-declined.v1"):
    """``reason`` is the provider's decline code, for example ``card_declined`` or ``insufficient_funds``."""

    order_id: Ref
    payment_id: Ref
    attempt: Count
    reason: Code


class PaymentCaptured(Event, topic=PAYMENT, type="payment.payment-captured.v1"):
    order_id: Ref
    payment_id: Ref
    amount: Money


class PaymentCaptureFailed(Event, topic=PAYMENT, type="payment.payment-capture-failed.v1"):
    """Definite: the provider says that no money was taken."""

    order_id: Ref
    payment_id: Ref
    reason: Code


class PaymentVoided(Event, topic=PAYMENT, type="payment.payment-voided.v1"):
    """Nothing is held or kept for this order, and nothing will be."""

    order_id: Ref


class PaymentRefunded(Event, topic=PAYMENT, type="payment.payment-refunded.v1"):
    order_id: Ref
    payment_id: Ref
    amount: Money


class SettlementAccrued(Event, topic=SETTLEMENT, type="payment.settlement-accrued.v1"):
    """Captured; held until release. ``net`` = ``gross`` − ``commission``."""

    seller_order_id: Ref
    order_id: Ref
    seller_id: Ref
    gross: Money
    commission: Money
    net: Money


class SettlementReleased(Event, topic=SETTLEMENT, type="payment.settlement-released.v1"):
    """Delivered and the hold is over: the seller has earned it."""

    seller_order_id: Ref
    order_id: Ref
    seller_id: Ref
    net: Money


class SettlementTransferred(Event, topic=SETTLEMENT, type="payment.settlement-transferred.v1"):
    seller_order_id: Ref
    order_id: Ref
    seller_id: Ref
    net: Money


class SettlementCancelled(Event, topic=SETTLEMENT, type="payment.settlement-cancelled.v1"):
    """The whole order was refunded before release."""

    seller_order_id: Ref
    order_id: Ref
    seller_id: Ref


class PayoutAccountState(Event, topic=PAYOUT_ACCOUNT, type="payment.payout-account-state.v1"):
    """Where a seller stands with the payment provider. ``status``: payments.md 1.6."""

    seller_id: Ref
    status: Code


EVENTS = (
    AuthorisePayment,
    CapturePayment,
    CancelPayment,
    PaymentAuthorised,
    PaymentActionRequired,
    PaymentDeclined,
    PaymentCaptured,
    PaymentCaptureFailed,
    PaymentVoided,
    PaymentRefunded,
    SettlementAccrued,
    SettlementReleased,
    SettlementTransferred,
    SettlementCancelled,
    PayoutAccountState,
)

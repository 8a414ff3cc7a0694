"""What an order owes to whom is frozen the moment it is placed; later changes of the rate never touch it."""

from collections.abc import Sequence

from chassis.db import HotTransaction
from contracts.order import OrderPlaced, SellerOrder
from payment.domain.commission import CommissionLine, commission_line, split
from payment.domain.settlement import Settlement
from payment.repository import settlements
from payment.service.progress import Desk, check_amount, lock


async def freeze_terms(
    tx: HotTransaction, desk: Desk, placed: Sequence[OrderPlaced], *, rate_basis_points: int
) -> None:
    """Freeze the commission of placed orders; a capture that waited for it is planned now."""
    terms = [
        _terms(order.order_id, part, rate_basis_points=rate_basis_points)
        for order in placed
        for part in order.seller_orders
    ]
    await settlements.freeze_terms(tx, terms)
    gross = {order.order_id: sum(part.total.amount for part in order.seller_orders) for order in placed}
    locked = await lock(tx, desk, gross)
    for payment in locked.found.values():
        check_amount(payment, gross)
        await locked.advance(payment)
    if locked.planned:
        await locked.save()


def _terms(order_id: str, part: SellerOrder, *, rate_basis_points: int) -> tuple[Settlement, Sequence[CommissionLine]]:
    lines = [
        commission_line(line.line_id, line.amount.amount, rate_basis_points=rate_basis_points) for line in part.lines
    ]
    share = split(part.total.amount, lines)
    return Settlement(part.seller_order_id, order_id, part.seller_id, part.total.currency, share), lines

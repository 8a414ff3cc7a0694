"""What identity learns from others: where a shop stands with the payment provider."""

from collections.abc import Sequence

from chassis.consume import Received, Subscription
from chassis.db import HotTransaction
from contracts.payment import PAYOUT_ACCOUNT, PayoutAccountState
from identity.repository import sellers


async def on_payout_accounts(tx: HotTransaction, events: Sequence[Received]) -> None:
    """Keep the newest state per shop."""
    pairs = [(event.data, event.envelope.sequence) for event in events if isinstance(event.data, PayoutAccountState)]
    await sellers.set_payout_status(
        tx,
        seller_ids=[data.seller_id for data, _ in pairs],
        statuses=[data.status for data, _ in pairs],
        sequences=[sequence for _, sequence in pairs],
    )


SUBSCRIPTION = Subscription(group="identity", handlers={PAYOUT_ACCOUNT: on_payout_accounts}, replays=True)

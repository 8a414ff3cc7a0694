"""Telling the others about offers: one full state per changed offer, in the same transaction as the change."""

from collections.abc import Callable, Sequence

from catalog.repository import offers
from chassis import context, outbox
from chassis.db import HotTransaction
from contracts.catalog import OfferState

CauseOf = Callable[[OfferState], context.Cause | None]


def _bound_cause(_: OfferState) -> None:
    """The cause that is bound where the event is emitted."""


async def announce(tx: HotTransaction, offer_ids: Sequence[str], *, cause_of: CauseOf = _bound_cause) -> None:
    """Emit the states of offers whose sequences were raised before; in a batch ``cause_of`` tells what changed each offer."""
    if not offer_ids:
        return
    for snapshot in await offers.snapshots(tx, offer_ids):
        state = snapshot.state
        outbox.add(tx, state, subject=state.offer_id, sequence=snapshot.sequence, cause=cause_of(state))


async def repeat_states(tx: HotTransaction, *, after: str, limit: int) -> list[str]:
    """Emit the next states again, with the sequences that they have; returns their offers, none at the end.

    The rows are locked, so that a newer state of an offer can only follow: the compacted topic must end with it.
    """
    ids = await offers.lock_after(tx, after, limit=limit)
    for snapshot in await offers.snapshots(tx, ids):
        outbox.add(tx, snapshot.state, subject=snapshot.state.offer_id, sequence=snapshot.sequence, replay=True)
    return ids

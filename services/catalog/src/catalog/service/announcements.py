"""Telling the others about offers: one full state per changed offer, in the same transaction as the change."""

from collections.abc import Mapping, Sequence

from catalog.repository import offers
from chassis import context, outbox
from chassis.db import HotTransaction

_NO_CAUSES: Mapping[str, context.Cause] = {}


async def announce(
    tx: HotTransaction, offer_ids: Sequence[str], *, causes: Mapping[str, context.Cause] = _NO_CAUSES
) -> None:
    """Emit the states of offers whose sequences were raised before; ``causes`` by offer, else the one bound here."""
    if not offer_ids:
        return
    for snapshot in await offers.snapshots(tx, offer_ids):
        offer_id = snapshot.state.offer_id
        outbox.add(tx, snapshot.state, subject=offer_id, sequence=snapshot.sequence, cause=causes.get(offer_id))


async def repeat_states(tx: HotTransaction, *, after: str, limit: int) -> list[str]:
    """Emit the next states again, with the sequences that they have; returns their offers, none at the end.

    The rows are locked, so that a newer state of an offer can only follow: the compacted topic must end with it.
    """
    ids = await offers.lock_after(tx, after, limit=limit)
    for snapshot in await offers.snapshots(tx, ids):
        outbox.add(tx, snapshot.state, subject=snapshot.state.offer_id, sequence=snapshot.sequence, replay=True)
    return ids

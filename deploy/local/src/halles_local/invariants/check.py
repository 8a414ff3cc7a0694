"""Runs all of them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from halles_local.invariants import money, progress, projections, stock
from halles_local.invariants.sources import Sources

Check = Callable[[Sources], Iterator[str]]
FROM_TABLES: dict[str, Check] = {
    "I1": stock.i01_available_is_never_negative,
    "I2": stock.i02_stock_equals_its_journal,
    "I3": stock.i03_nothing_is_sold_that_was_never_offered,
    "I4": money.i04_captured_money_belongs_to_a_confirmed_order,
    "I5": money.i05_a_confirmed_order_is_paid_in_full,
    "I6": money.i06_orders_add_up,
    "I7": money.i07_the_ledger_balances,
    "I8": money.i08_the_ledger_equals_the_providers_book,
    "I9": progress.i09_no_saga_is_stuck,
    "I12": projections.i12_projections_equal_their_sources,
    "I13": progress.i13_nothing_waits,
    "I14": progress.i14_cancelled_orders_hold_nothing,
}


async def check(sources: Sources, *, acknowledged: Sequence[str] = ()) -> dict[str, list[str]]:
    """Violations by invariant, empty lists when it holds. ``acknowledged``: ids of orders that clients were told exist."""
    found = {name: list(await asyncio.to_thread(_listed, one, sources)) for name, one in FROM_TABLES.items()}
    found["I10"] = list(progress.i10_acknowledged_orders_exist_once(sources, acknowledged))
    found["I11"] = await projections.i11_sequences_have_no_gap(sources)
    found["I13"] += await progress.i13_no_dead_letters(sources)
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def _listed(one: Check, sources: Sources) -> list[str]:
    return list(one(sources))

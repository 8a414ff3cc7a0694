"""Payment tells where shops stand; duplicates and late ones change nothing."""

from typing import Any

import pytest

from contracts.payment import PayoutAccountState
from identity.consumers import SUBSCRIPTION
from testkit import Tape, deliver

INSERT = """
INSERT INTO sellers (seller_id, handle, name, description_fr, description_en, town, postal_code, country, latitude, longitude, status)
VALUES ('sel_1', 'h', 'n', '', '', 't', '1', 'FR', 0, 0, 'open')
"""


def told(status: str, sequence: int) -> tuple[PayoutAccountState, str, int]:
    return PayoutAccountState(seller_id="sel_1", status=status), "sel_1", sequence


async def status_of(world: Any) -> tuple[str, int]:
    row = await world.row("SELECT payout_status, payout_sequence FROM sellers")
    return row["payout_status"], row["payout_sequence"]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("one_by_one", [True, False])
async def test_the_newest_state_wins_in_any_order(world: Any, order: tuple[int, int], one_by_one: bool) -> None:
    await world.execute(INSERT)
    states = {1: told("pending", 1), 2: told("active", 2)}

    await deliver(world.db, SUBSCRIPTION, [states[number] for number in order], one_by_one=one_by_one)

    assert await status_of(world) == ("active", 2)


async def test_an_old_state_delivered_again_later_changes_nothing(world: Any) -> None:
    await world.execute(INSERT)
    tape = Tape()
    first, second = (tape.record(*told(status, number)) for number, status in ((1, "pending"), (2, "active")))

    await deliver(world.db, SUBSCRIPTION, [first, second, first], twice=False)

    assert await status_of(world) == ("active", 2)


async def test_a_state_of_an_unknown_shop_is_harmless(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [told("active", 1)])

    assert (await world.row("SELECT count(*) AS rows FROM sellers"))["rows"] == 0

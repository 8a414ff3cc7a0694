"""Wake-ups that come together."""

import pytest

from payment import wakes
from payment.wakes import Gathered
from testkit import eventually


async def test_many_plans_are_one_wake_up_and_late_ones_are_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakes, "_MARGIN_SECONDS", 0.01)
    woken: list[int] = []
    gathered = Gathered(lambda: woken.append(1), seconds=0)

    gathered()
    await eventually(lambda: len(woken) == 1)
    for _ in range(5):
        gathered()
    await eventually(lambda: len(woken) == 3)

    gathered()
    await eventually(lambda: len(woken) == 4)

"""No float near money."""

from collections.abc import Callable

import pytest

Plant = Callable[[str, str], list[str]]
PAYMENT = "services/payment/src/payment/service/capture.py"
ORDER = "services/order/src/order/domain/pricing.py"
ELSEWHERE = "services/order/src/order/repository.py"

BAD: list[tuple[str, str]] = [
    (PAYMENT, "share = 0.1\n"),
    (PAYMENT, "def share(amount: float) -> int: ...\n"),
    (PAYMENT, "def share(amount: int) -> float: ...\n"),
    (PAYMENT, "def share(amount: int) -> int:\n    return amount / 3\n"),
    (PAYMENT, "def share(text: str) -> int:\n    return float(text)\n"),
    (ORDER, "RATE = 1.2\n"),
    ("libs/contracts/src/contracts/values.py", "half = 1 / 2\n"),
    (ELSEWHERE, "unit_price = 9.99\n"),
    (ELSEWHERE, "unit_price: float = read()\n"),
    (ELSEWHERE, "def load(total_minor: float) -> None: ...\n"),
    (ELSEWHERE, "def subtotal() -> float: ...\n"),
    (ELSEWHERE, "line = make(amount=float(row))\n"),
    (ELSEWHERE, "euros = row.price / 100\n"),
    (ELSEWHERE, "euros = float(row.amount)\n"),
    ("services/web/src/web/money.py", "shown = round(money.amount)\n"),
]

BAD += [
    (ELSEWHERE, "discounted = price * 0.9\n"),
    (ELSEWHERE, "discounted = 1.2 * row['total_minor']\n"),
    (ELSEWHERE, "euros = row['price'] / 100\n"),
    (ELSEWHERE, "row['amount'] = 9.99\n"),
    (ELSEWHERE, "offer = {'price': 9.99}\n"),
]

CLEAN: list[tuple[str, str]] = [
    (PAYMENT, "def share(amount: int) -> int:\n    return amount * 1000 // 10_000\n"),
    (PAYMENT, "poll_seconds: float = 0.5\n"),
    (PAYMENT, "stripe = make(timeout=2.5)\n"),
    (PAYMENT, "path = root / 'payment.json'\n"),
    ("services/payment/tests/unit/test_share.py", "ratio = 0.1\n"),
    (ELSEWHERE, "score: float = 0.5\n"),
    (ELSEWHERE, "average = rating_total / rating_count\n"),
    (ELSEWHERE, "pages = -(-row_count // 20)\n"),
    (ELSEWHERE, "unit_price: int = 999\n"),
]


@pytest.mark.parametrize(("path", "code"), BAD)
def test_a_float_in_money_is_caught(plant: Plant, path: str, code: str) -> None:
    assert set(plant(path, code)) == {"no-float-in-money"}


@pytest.mark.parametrize(("path", "code"), CLEAN)
def test_integers_durations_and_ratings_pass(plant: Plant, path: str, code: str) -> None:
    assert plant(path, code) == []

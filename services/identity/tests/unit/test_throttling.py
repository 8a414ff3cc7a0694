from datetime import timedelta

import pytest

from identity.domain.throttling import ACCOUNT, NETWORK, network_of


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 0), (9, 0), (10, 1), (11, 2), (12, 4), (19, 512), (20, 900), (10_000, 900)]
)
def test_waits_double_from_the_tenth_attempt_and_stop_growing(attempts: int, seconds: int) -> None:
    assert ACCOUNT.wait_after(attempts) == timedelta(seconds=seconds)


def test_a_network_has_a_hundred_free_failures() -> None:
    assert (NETWORK.wait_after(99), NETWORK.wait_after(100)) == (timedelta(0), timedelta(seconds=1))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unknown", ""),
        ("", ""),
        ("192.0.2.7, 10.0.0.1", ""),
    ],
)
def test_a_household_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network

"""Which scans are news, in whatever order they come."""

from hypothesis import given
from hypothesis import strategies as st

from logistics.domain.shipment import Scan, Status, can_follow, status_after

scans = st.lists(st.sampled_from(sorted(Scan)), max_size=12)


def _taken(told: list[Scan]) -> list[Scan]:
    taken: list[Scan] = []
    for scan in told:
        if can_follow(taken[-1] if taken else None, scan):
            taken.append(scan)
    return taken


@given(scans)
def test_nothing_follows_a_delivery(told: list[Scan]) -> None:
    taken = _taken(told)

    assert Scan.DELIVERED not in taken[:-1]
    assert (Scan.DELIVERED in told) == (Scan.DELIVERED in taken)


@given(scans)
def test_a_parcel_never_goes_back(told: list[Scan]) -> None:
    order = [Scan.PICKED_UP, Scan.IN_TRANSIT, Scan.OUT_FOR_DELIVERY, Scan.LOST, Scan.DELIVERED]

    ranks = [order.index(scan) for scan in _taken(told)]

    assert ranks == sorted(ranks)


def test_a_lost_parcel_may_still_arrive() -> None:
    assert can_follow(Scan.LOST, Scan.DELIVERED)
    assert not can_follow(Scan.LOST, Scan.IN_TRANSIT)


def test_steps_on_the_way_are_one_status() -> None:
    assert [status_after(scan) for scan in Scan] == [
        Status.IN_TRANSIT,
        Status.IN_TRANSIT,
        Status.IN_TRANSIT,
        Status.DELIVERED,
        Status.LOST,
    ]

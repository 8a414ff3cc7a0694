"""The rules of the stock book, and what stays true whatever is asked of it in whatever order."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from services.catalog.tests.factories import commit, release, reserve

from catalog.domain.stock import MovementKind, Reservation, Status, Stock, StockBook
from contracts.catalog import ReservationExpired, Shortage, StockLine, StockRejected, StockReserved

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ORDERS = [f"ord_{n}" for n in range(4)]
OFFERS = ["off_a", "off_b"]


def book(*, on_hand: int = 5, is_sold: bool = True) -> StockBook:
    stocks = {offer_id: Stock(on_hand, 0, is_sold) for offer_id in OFFERS}
    return StockBook(stocks, {order_id: Reservation(order_id) for order_id in ORDERS}, now=NOW)


def test_lines_of_the_same_offer_add_up() -> None:
    both = tuple(StockLine(offer_id="off_a", quantity=3) for _ in range(2))
    wanted = reserve("ord_0").model_copy(update={"lines": both})
    shelf = book(on_hand=5)

    shelf.reserve(wanted)

    [reply] = shelf.replies
    assert isinstance(reply.answer, StockRejected)
    assert reply.answer.shortages == (Shortage(offer_id="off_a", requested=6, available=5),)


def test_an_offer_that_is_not_sold_has_nothing_available() -> None:
    shelf = book(is_sold=False)

    shelf.reserve(reserve("ord_0", off_a=1))

    [reply] = shelf.replies
    assert isinstance(reply.answer, StockRejected)
    assert reply.answer.shortages == (Shortage(offer_id="off_a", requested=1, available=0),)
    assert shelf.changed_stocks() == {}


def test_a_hold_ends_when_it_was_asked_to() -> None:
    shelf = book()

    shelf.reserve(reserve("ord_0", hold_seconds=600, off_a=1))

    [reply] = shelf.replies
    assert isinstance(reply.answer, StockReserved)
    assert reply.answer.expires_at == NOW + timedelta(seconds=600)


def test_a_hold_in_its_time_does_not_expire() -> None:
    shelf = book()
    shelf.reserve(reserve("ord_0", hold_seconds=1, off_a=1))

    shelf.expire("ord_0")

    assert shelf.reservations["ord_0"].status is Status.OPEN
    assert len(shelf.replies) == 1


def test_a_commit_of_what_was_never_reserved_is_refused_and_bars_the_order() -> None:
    shelf = book()

    shelf.commit(commit("ord_0"))
    shelf.reserve(reserve("ord_0", off_a=1))

    assert shelf.replies[0].answer == ReservationExpired(order_id="ord_0", command_id="cmd_ord_0_commit")
    assert shelf.reservations["ord_0"].status is Status.RELEASED
    assert shelf.changed_stocks() == {}


def test_a_restocked_order_cannot_be_sold_again() -> None:
    shelf = book(on_hand=5)
    shelf.reserve(reserve("ord_0", off_a=2))
    shelf.commit(commit("ord_0"))
    shelf.release(release("ord_0"))

    shelf.commit(commit("ord_0"))
    shelf.release(release("ord_0"))

    assert (shelf.stocks["off_a"].on_hand, shelf.stocks["off_a"].reserved) == (5, 0)
    assert [(move.kind, move.quantity) for move in shelf.movements] == [
        (MovementKind.COMMITTED, -2),
        (MovementKind.RESTOCKED, 2),
    ]


_steps = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "commit", "release", "expire"]),
        st.sampled_from(ORDERS),
        st.dictionaries(st.sampled_from(OFFERS), st.integers(1, 4), min_size=1),
        st.sampled_from([0, 600]),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=60)
@given(steps=_steps)
def test_whatever_happens_the_figures_add_up(steps: list[tuple[str, str, dict[str, int], int]]) -> None:
    shelf = book(on_hand=5)

    for kind, order_id, quantities, hold_seconds in steps:
        match kind:
            case "reserve":
                shelf.reserve(reserve(order_id, hold_seconds=hold_seconds, **quantities))
            case "commit":
                shelf.commit(commit(order_id))
            case "release":
                shelf.release(release(order_id))
            case _:
                shelf.expire(order_id)
        _require_invariants(shelf, on_hand=5)

    for order_id in ORDERS:
        sequences = [reply.sequence for reply in shelf.replies if reply.answer.order_id == order_id]
        assert sequences == list(range(1, len(sequences) + 1))


def _require_invariants(shelf: StockBook, *, on_hand: int) -> None:
    for offer_id, stock in shelf.stocks.items():
        moved = sum(move.quantity for move in shelf.movements if move.offer_id == offer_id)
        held = sum(
            reservation.lines.get(offer_id, 0)
            for reservation in shelf.reservations.values()
            if reservation.status is Status.OPEN
        )
        assert 0 <= stock.reserved <= stock.on_hand
        assert stock.on_hand == on_hand + moved
        assert stock.reserved == held

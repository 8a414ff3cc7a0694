"""Reserving, committing and releasing units: decided here in memory for a whole batch, written set-based afterwards.

The repository locks the reservations and the offers that a batch touches, fills a ``StockBook``, and writes what changed.
Invariants (reliability.md 2.5): I1 ``0 <= reserved <= on_hand``; I2 ``on_hand`` is the sum of the movements, ``reserved`` the
sum of the open reservations.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.catalog import (
    CommitReservation,
    ReleaseStock,
    ReservationCommitted,
    ReservationExpired,
    ReserveStock,
    Shortage,
    StockLine,
    StockRejected,
    StockReleased,
    StockReserved,
)

Answer = StockReserved | StockRejected | ReservationCommitted | ReservationExpired | StockReleased


class Status(StrEnum):
    """Where an order's reservation stands. ``new`` exists inside the transaction that decides it, never after."""

    NEW = "new"
    OPEN = "open"
    REJECTED = "rejected"
    COMMITTED = "committed"
    EXPIRED = "expired"
    RELEASED = "released"


class MovementKind(StrEnum):
    """Why units came to the shelf or left it."""

    LISTED = "listed"
    ADJUSTED = "adjusted"
    COMMITTED = "committed"
    RESTOCKED = "restocked"


@dataclass(slots=True)
class Stock:
    """Units of one offer. ``is_sold`` is false while the offer or its shop is paused or closed."""

    on_hand: int
    reserved: int
    is_sold: bool

    @property
    def available(self) -> int:
        """Units that can still be reserved; none of an offer that is not sold."""
        return self.free if self.is_sold else 0

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


@dataclass(slots=True)
class Reservation:
    """What an order holds. ``sequence`` counts the answers given for this order."""

    order_id: str
    status: Status = Status.NEW
    sequence: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    expires_at: datetime | None = None
    shortages: tuple[Shortage, ...] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that came (positive) or left (negative) because of an order."""

    offer_id: str
    order_id: str
    kind: MovementKind
    quantity: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the order's own sequence number."""

    answer: Answer
    sequence: int


def quantities(lines: tuple[StockLine, ...]) -> dict[str, int]:
    """Units per offer; lines of the same offer add up."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.offer_id] = found.get(line.offer_id, 0) + line.quantity
    return found


class StockBook:
    """The locked part of the stock, and everything that a batch does to it. ``now`` is the database's clock."""

    def __init__(self, stocks: dict[str, Stock], reservations: dict[str, Reservation], *, now: datetime) -> None:
        self.stocks = stocks
        self.reservations = reservations
        self.movements: list[Movement] = []
        self.replies: list[Reply] = []
        self.opened: list[Reservation] = []
        self._now = now
        self._before = {offer_id: (stock.on_hand, stock.reserved) for offer_id, stock in stocks.items()}

    def changed_stocks(self) -> dict[str, Stock]:
        """Offers whose figures differ from what was loaded."""
        return {
            offer_id: stock
            for offer_id, stock in self.stocks.items()
            if (stock.on_hand, stock.reserved) != self._before[offer_id]
        }

    def is_seen(self, offer_id: str) -> bool:
        """Whether the units that can be had changed: a sale takes units that were held, and nobody outside sees it."""
        on_hand, reserved = self._before[offer_id]
        return self.stocks[offer_id].free != on_hand - reserved

    def reserve(self, command: ReserveStock) -> None:
        """All lines or none, decided once per order: a repeated command hears where the reservation stands."""
        reservation = self.reservations[command.order_id]
        if reservation.status is Status.NEW:
            self._decide(reservation, command)
        self._reply(reservation, _standing(reservation, command.command_id))

    def commit(self, command: CommitReservation) -> None:
        """Sell what is held. A hold that ran out still counts while its units are free; else the answer is expired."""
        reservation = self.reservations[command.order_id]
        match reservation.status:
            case Status.OPEN:
                self._unhold(reservation)
                self._sell(reservation)
            case Status.EXPIRED if self._is_free(reservation.lines):
                self._sell(reservation)
            case Status.NEW:
                reservation.status = Status.RELEASED
        sold = reservation.status is Status.COMMITTED
        answer = ReservationCommitted if sold else ReservationExpired
        self._reply(reservation, answer(order_id=command.order_id, command_id=command.command_id))

    def release(self, command: ReleaseStock) -> None:
        """Give back what the order holds or bought; an order that never reserved can no longer do so."""
        reservation = self.reservations[command.order_id]
        if reservation.status is Status.OPEN:
            self._unhold(reservation)
        elif reservation.status is Status.COMMITTED:
            self._move(reservation, MovementKind.RESTOCKED, sign=1)
        reservation.status = Status.RELEASED
        self._reply(reservation, StockReleased(order_id=command.order_id, command_id=command.command_id))

    def expire(self, order_id: str) -> None:
        """End an open hold whose time is over; anything else stays as it is."""
        reservation = self.reservations[order_id]
        if (
            reservation.status is not Status.OPEN
            or reservation.expires_at is None
            or reservation.expires_at > self._now
        ):
            return
        self._unhold(reservation)
        reservation.status = Status.EXPIRED
        self._reply(reservation, ReservationExpired(order_id=order_id))

    def _decide(self, reservation: Reservation, command: ReserveStock) -> None:
        wanted = quantities(command.lines)
        reservation.shortages = self._shortages(wanted)
        if reservation.shortages:
            reservation.status = Status.REJECTED
            return
        for offer_id, quantity in wanted.items():
            self.stocks[offer_id].reserved += quantity
        reservation.status, reservation.lines = Status.OPEN, wanted
        reservation.expires_at = self._now + timedelta(seconds=command.hold_seconds)
        self.opened.append(reservation)

    def _shortages(self, wanted: dict[str, int]) -> tuple[Shortage, ...]:
        available = {offer_id: self._available(offer_id) for offer_id in wanted}
        return tuple(
            Shortage(offer_id=offer_id, requested=min(quantity, 10**9), available=available[offer_id])
            for offer_id, quantity in sorted(wanted.items())
            if available[offer_id] < quantity
        )

    def _available(self, offer_id: str) -> int:
        stock = self.stocks.get(offer_id)
        return stock.available if stock else 0

    def _is_free(self, lines: dict[str, int]) -> bool:
        return all(self.stocks[offer_id].free >= quantity for offer_id, quantity in lines.items())

    def _unhold(self, reservation: Reservation) -> None:
        for offer_id, quantity in reservation.lines.items():
            self.stocks[offer_id].reserved -= quantity

    def _sell(self, reservation: Reservation) -> None:
        self._move(reservation, MovementKind.COMMITTED, sign=-1)
        reservation.status = Status.COMMITTED

    def _move(self, reservation: Reservation, kind: MovementKind, *, sign: int) -> None:
        for offer_id, quantity in reservation.lines.items():
            self.stocks[offer_id].on_hand += sign * quantity
            self.movements.append(Movement(offer_id, reservation.order_id, kind, sign * quantity))

    def _reply(self, reservation: Reservation, answer: Answer) -> None:
        reservation.sequence += 1
        self.replies.append(Reply(answer, reservation.sequence))


def _standing(reservation: Reservation, command_id: str) -> Answer:
    """What a reserve command hears in each state. A commit never undoes the promise; an ended hold is said to have ended."""
    order_id = reservation.order_id
    match reservation.status:
        case Status.OPEN | Status.COMMITTED if reservation.expires_at is not None:
            return StockReserved(order_id=order_id, command_id=command_id, expires_at=reservation.expires_at)
        case Status.REJECTED:
            return StockRejected(order_id=order_id, command_id=command_id, shortages=reservation.shortages)
        case Status.EXPIRED:
            return ReservationExpired(order_id=order_id, command_id=command_id)
        case _:
            return StockReleased(order_id=order_id, command_id=command_id)

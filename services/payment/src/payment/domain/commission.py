"""What the market keeps of a sale, computed once when the order is placed and never again."""

from collections.abc import Iterable
from dataclasses import dataclass

BASIS_POINTS = 10_000


def share_of(amount: int, rate_basis_points: int) -> int:
    """Return that share of an amount in minor units, rounded half up (payments.md 2.6)."""
    return (amount * rate_basis_points * 2 + BASIS_POINTS) // (BASIS_POINTS * 2)


@dataclass(frozen=True, slots=True)
class CommissionLine:
    """Frozen explanation of the commission on one order line, amounts in minor units.

    ``commission_vat`` is the tax on the market's own service to the seller. It is 0 until sellers have a validated tax
    status (payments.md 3.3); the column exists so that the ledger and the split already carry it.
    """

    line_id: str
    base: int
    rate_basis_points: int
    commission: int
    commission_vat: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """How one seller order's money is shared. ``gross`` = ``commission`` + ``commission_vat`` + ``net``."""

    gross: int
    commission: int
    commission_vat: int

    @property
    def net(self) -> int:
        """What the seller earns."""
        return self.gross - self.commission - self.commission_vat


def commission_line(line_id: str, base: int, *, rate_basis_points: int) -> CommissionLine:
    """Compute the commission of one line on its amount, tax included."""
    return CommissionLine(line_id, base, rate_basis_points, share_of(base, rate_basis_points))


def split(gross: int, lines: Iterable[CommissionLine]) -> Split:
    """Add up per line, as an invoice shows it; the total is never recomputed from the order's amount."""
    frozen = tuple(lines)
    return Split(gross, sum(line.commission for line in frozen), sum(line.commission_vat for line in frozen))

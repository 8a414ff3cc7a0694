"""Who may review what, and what a rating is."""

from dataclasses import dataclass

from edge.errors import AppError

LOWEST, HIGHEST = 1, 5


class NothingToReview(AppError):
    """Not bought, not delivered yet, or not yours: the answer is the same."""

    status = 404
    code = "nothing-to-review"
    title = "There is nothing to review"


class AlreadyReviewed(AppError):
    status = 409
    code = "already-reviewed"
    title = "You have reviewed this already"


@dataclass(frozen=True, slots=True)
class Rating:
    """Points of all reviews of one product or seller; ``histogram`` counts reviews of 1 to 5 points."""

    histogram: tuple[int, int, int, int, int]

    @property
    def count(self) -> int:
        return sum(self.histogram)

    @property
    def total(self) -> int:
        return sum(points * number for points, number in enumerate(self.histogram, start=LOWEST))

    @property
    def average_hundredths(self) -> int:
        """Mean times 100, half up; 0 without reviews."""
        return (200 * self.total + self.count) // (2 * self.count) if self.count else 0

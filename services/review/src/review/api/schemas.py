"""Requests and answers of review."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from review.domain import HIGHEST, LOWEST, Rating


class ReviewRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    line_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    rating: Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""
    locale: Literal["fr", "en"] = "fr"


class RatingAnswer(BaseModel):
    """``average_hundredths``: mean points times 100; ``histogram``: reviews of 1 to 5 points."""

    count: int
    total: int
    average_hundredths: int
    histogram: tuple[int, int, int, int, int]

    @classmethod
    def of(cls, rating: Rating) -> "RatingAnswer":
        mean = rating.average_hundredths
        return cls(count=rating.count, total=rating.total, average_hundredths=mean, histogram=rating.histogram)


class ReviewAnswer(BaseModel):
    review_id: str
    rating: int
    title: str
    text: str
    locale: str
    published_at: datetime
    verified_purchase: Literal[True] = True


class ReviewList(BaseModel):
    rating: RatingAnswer
    items: list[ReviewAnswer]
    next: str | None


class ReviewableAnswer(BaseModel):
    line_id: str
    product_id: str
    order_id: str
    seller_id: str
    delivered_at: datetime


class ReviewableList(BaseModel):
    items: list[ReviewableAnswer]


class RatingList(BaseModel):
    """By product or seller id; those without reviews are absent."""

    items: dict[str, RatingAnswer]

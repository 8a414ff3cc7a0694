"""Value types that cross service borders, each field type tagged with its classification.

Every field of an event carries ``x-classification`` in its schema: ``public`` (shown to anybody), ``internal`` (business
fact, no person in it) or ``pseudonymous`` (an id that stands for a person, resolved at identity). Names, addresses,
e-mail, phone and free text of people never travel in events (reliability.md 3.5).
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


def _tag(classification: str) -> dict[str, object]:
    return {"x-classification": classification}


Ref = Annotated[str, Field(min_length=1, max_length=64, json_schema_extra=_tag("internal"))]
"""Id of a business object, for example ``ord_…``."""

PersonRef = Annotated[str, Field(min_length=1, max_length=64, json_schema_extra=_tag("pseudonymous"))]
"""Id of an account; the person behind it is known to identity alone."""

Code = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=64, json_schema_extra=_tag("internal"))
]
"""Stable machine word, for example a reason or a status. Readers meet new values with their default branch."""

Label = Annotated[str, Field(max_length=4000, json_schema_extra=_tag("public"))]
"""Published text of the market: a title, a shop's name, a town."""

Count = Annotated[int, Field(ge=0, le=10**9, json_schema_extra=_tag("internal"))]
"""Number of things."""

Minor = Annotated[int, Field(ge=-(10**15), le=10**15, json_schema_extra=_tag("internal"))]
"""Amount in minor units of the currency that stands beside it (cents for EUR)."""

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(json_schema_extra=_tag("public"))]
"""ISO 4217 code."""

Moment = Annotated[datetime, Field(json_schema_extra=_tag("internal"))]
"""Point in time, UTC."""

Flag = Annotated[bool, Field(json_schema_extra=_tag("internal"))]

Degrees = Annotated[int, Field(ge=-180_000_000, le=180_000_000, json_schema_extra=_tag("public"))]
"""Latitude or longitude in millionths of a degree."""


class Value(BaseModel):
    """Base of everything that crosses a border: frozen, and readers ignore fields that they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Money(Value):
    """An amount in minor units of one ISO 4217 currency. Sums of different currencies raise ``ValueError``."""

    amount: Minor
    currency: CurrencyCode

    def __add__(self, other: "Money") -> "Money":
        return Money(amount=self.amount + self._same(other).amount, currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(amount=self.amount - self._same(other).amount, currency=self.currency)

    def times(self, quantity: int) -> "Money":
        return Money(amount=self.amount * quantity, currency=self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other


class LocalText(Value):
    """One published text in the two languages of the market."""

    fr: Label
    en: Label

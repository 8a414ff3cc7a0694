"""Field types that several requests share. Requests refuse fields that they do not know."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_MILLIONTHS = 1_000_000


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


def _address(text: str) -> str:
    """Form only: whether mail arrives there is found out by sending one. Kept as mail servers want it: in ASCII."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError("this is not an e-mail address") from None
    return found.ascii_email or found.normalized


def _printable(text: str) -> str:
    if not all(character.isprintable() for character in text):
        raise ValueError("contains characters that cannot be shown")
    return text


def _millionths(value: object) -> object:
    """Decimal text of degrees becomes millionths; integers are millionths already."""
    if not isinstance(value, str):
        return value
    try:
        degrees = Decimal(value)
    except InvalidOperation:
        raise ValueError("write degrees as decimal text, for example 48.856613") from None
    return int((degrees * _MILLIONTHS).to_integral_value()) if degrees.is_finite() else value


Address = Annotated[str, Field(max_length=254), AfterValidator(_address)]
Secret = Annotated[str, Field(min_length=20, max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=1000)]
"""Exactly as typed. The rules of new passwords are domain/passwords.py's; this only bounds the work."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_printable)]
Locale = Literal["fr", "en"]
Handle = Annotated[str, Field(pattern=r"^[a-z0-9](?:-?[a-z0-9]){2,39}$")]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
PostalCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$")]
Country = Annotated[
    str,
    StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}$"),
    Field(description="ISO 3166-1 alpha-2, for example FR."),
]
Latitude = Annotated[
    int, BeforeValidator(_millionths), Field(strict=True, ge=-90_000_000, le=90_000_000, description="Millionths.")
]
Longitude = Annotated[
    int, BeforeValidator(_millionths), Field(strict=True, ge=-180_000_000, le=180_000_000, description="Millionths.")
]
Cursor = Annotated[str, Field(pattern=r"^[a-z]{3}_[0-9a-f]{32}$")]
"""Opaque to clients: the id of the last item seen."""

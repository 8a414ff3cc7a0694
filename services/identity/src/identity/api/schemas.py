"""Bodies of requests and answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from psycopg.types.json import Jsonb
from pydantic import Field

from contracts.values import LocalText
from identity.api.fields import (
    Address,
    Answer,
    Country,
    Handle,
    Latitude,
    Locale,
    Longitude,
    Name,
    Paragraph,
    Password,
    PostalCode,
    Request,
    Secret,
)

_PROFILE = ("story", "shipping_policy", "returns_policy")


class NewAccount(Request):
    email: Address
    password: Password
    display_name: Name
    locale: Locale


class NewGuest(Request):
    email: Address
    display_name: Name
    locale: Locale


class Accepted(Answer):
    """Nothing to say: what happens next arrives by mail."""


class MailToken(Request):
    token: Secret


class AddressOnly(Request):
    email: Address


class NewPassword(Request):
    token: Secret
    password: Password


class PasswordChangeRequest(Request):
    current_password: Password
    new_password: Password


class Credentials(Request):
    email: Address
    password: Password


class PasswordGrant(Request):
    grant_type: Literal["password"]
    email: Address
    password: Password


class RefreshGrant(Request):
    grant_type: Literal["refresh_token"]
    refresh_token: Secret


Grant = Annotated[PasswordGrant | RefreshGrant, Field(discriminator="grant_type")]


class Revocation(Request):
    refresh_token: Secret


class TokenPair(Answer):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind, not a token
    expires_in: int
    refresh_token: str


class Membership(Answer):
    seller_id: str
    handle: str
    name: str
    role: str
    status: str


class Me(Answer):
    account_id: str
    email: str
    display_name: str
    locale: str
    verified: bool
    roles: list[str]
    sellers: list[Membership]


class OpenedSession(Answer):
    """``session_token`` is for the gateway, which turns it into a cookie and shows it to nobody."""

    session_token: str
    expires_at: datetime
    account: Me


class MeChange(Request):
    display_name: Name | None = None
    locale: Locale | None = None


class SignInRecord(Answer):
    session_id: str
    kind: str
    device: str
    created_at: datetime
    seen_at: datetime | None
    current: bool


class SignIns(Answer):
    items: list[SignInRecord]


class Description(Request):
    fr: Paragraph
    en: Paragraph


class NewSeller(Request):
    handle: Handle
    name: Name
    description: Description
    town: Name
    postal_code: PostalCode
    country: Country
    latitude: Latitude
    longitude: Longitude
    story: Description | None = None
    shipping_policy: Description | None = None
    returns_policy: Description | None = None


class SellerChange(Request):
    name: Name | None = None
    description: Description | None = None
    town: Name | None = None
    postal_code: PostalCode | None = None
    country: Country | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    story: Description | None = None
    shipping_policy: Description | None = None
    returns_policy: Description | None = None


class SellerAnswer(Answer):
    """What everybody may know of a shop. Latitude and longitude in millionths of a degree."""

    seller_id: str
    handle: str
    name: str
    description: LocalText
    town: str
    postal_code: str
    country: str
    latitude: int
    longitude: int
    status: str
    opened_at: datetime | None
    story: LocalText | None
    shipping_policy: LocalText | None
    returns_policy: LocalText | None


class OwnSellerAnswer(SellerAnswer):
    """What its members and operators know besides."""

    reason: str | None
    payout_status: str | None
    created_at: datetime


class SellerPage(Answer):
    items: list[SellerAnswer]
    next: str | None


class OwnSellerPage(Answer):
    items: list[OwnSellerAnswer]
    next: str | None


class Suspension(Request):
    reason: Paragraph


class Member(Answer):
    account_id: str
    display_name: str
    role: str


class Members(Answer):
    """``invited``: addresses that become staff once somebody verifies them."""

    items: list[Member]
    invited: list[str]


class AccountRecord(Answer):
    account_id: str
    email: str
    display_name: str
    locale: str
    verified: bool
    roles: list[str]
    sellers: list[Membership]
    created_at: datetime


class AccountRecords(Answer):
    items: list[AccountRecord]


class RoleChange(Request):
    roles: Annotated[list[Literal["support", "admin"]], Field(max_length=2)]


class Credential(Request):
    kind: Literal["session", "access", "anonymous", "service"]
    value: Annotated[str, Field(max_length=4000)] = ""


class ExchangeRequest(Request):
    audience: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=20)]
    credential: Credential


class PrincipalAnswer(Answer):
    subject: str
    roles: list[str]
    sellers: Mapping[str, str]
    session: str | None


class ExchangeAnswer(Answer):
    tokens: dict[str, str]
    expires_at: int
    principal: PrincipalAnswer


class Contact(Answer):
    """For the moment of use: not to be stored."""

    account_id: str
    email: str
    display_name: str
    locale: str


class Contacts(Answer):
    items: list[Contact]


class ContactsRequest(Request):
    accounts: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)]
    sellers: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)]


class ContactBook(Answer):
    """``accounts`` by id, ``owners`` by shop; who is gone is missing."""

    accounts: dict[str, Contact]
    owners: dict[str, list[Contact]]


class MailOrder(Contact):
    """``token`` belongs into the mail's link; None for mails without one."""

    purpose: str
    token: str | None


def public_seller(row: Mapping[str, Any]) -> SellerAnswer:
    return SellerAnswer(**_fields(row, SellerAnswer))


def own_seller(row: Mapping[str, Any]) -> OwnSellerAnswer:
    return OwnSellerAnswer(**_fields(row, OwnSellerAnswer))


def _fields(row: Mapping[str, Any], answer: type[Answer]) -> dict[str, Any]:
    description = LocalText(fr=row["description_fr"], en=row["description_en"])
    return {name: row[name] for name in answer.model_fields if name != "description"} | {"description": description}


def seller_row(body: NewSeller | SellerChange) -> dict[str, Any]:
    """A request as the columns of the table; fields that were not sent are None."""
    values = body.model_dump(exclude={"description"})
    description = body.description
    values |= {"description_fr": description.fr if description else None}
    values |= {name: Jsonb(values[name]) for name in _PROFILE if values[name] is not None}
    return values | {"description_en": description.en if description else None}

"""Tables of identity; the migrations create them."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from chassis.db import new_metadata

metadata = new_metadata()
LOCALES = "locale IN ('fr', 'en')"


class Row(SQLModel):
    metadata = metadata


def _moment(*, nullable: bool = False, default: bool = False) -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=nullable, server_default=text("now()") if default else None)


def _owned(parent: str, *, primary_key: bool = False) -> Column[str]:
    return Column(Text, ForeignKey(parent, ondelete="CASCADE"), nullable=False, primary_key=primary_key)


def _secret() -> Column[bytes]:
    return Column(LargeBinary, primary_key=True)


class Account(Row, table=True):
    """A person. ``email_key`` is the unique form of the address, missing while the person is a guest: somebody who bought
    without a password has typed an address but not shown that it is theirs. ``granted_roles`` are operators' roles only."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint(LOCALES, name="locale"),)

    account_id: str = Field(sa_type=Text, primary_key=True)
    email: str = Field(sa_type=Text)
    email_key: str | None = Field(default=None, sa_type=Text, unique=True)
    display_name: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    granted_roles: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    verified_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))


class Password(Row, table=True):
    """Only verified accounts have one."""

    __tablename__ = "passwords"

    account_id: str = Field(sa_column=_owned("accounts.account_id", primary_key=True))
    hash: str = Field(sa_type=Text)
    changed_at: datetime | None = Field(default=None, sa_column=_moment(default=True))


class AddressRequest(Row, table=True):
    """Intake: what strangers ask for an address, stored alike whether the address is known, settled by a loop."""

    __tablename__ = "address_requests"
    __table_args__ = (CheckConstraint("kind IN ('register', 'verify', 'reset')", name="kind"),)

    request_id: str = Field(sa_type=Text, primary_key=True)
    kind: str = Field(sa_type=Text)
    email: str = Field(sa_type=Text)
    email_key: str = Field(sa_type=Text)
    display_name: str | None = Field(default=None, sa_type=Text)
    locale: str | None = Field(default=None, sa_type=Text)
    password_hash: str | None = Field(default=None, sa_type=Text)
    guest_id: str | None = Field(default=None, sa_type=Text)
    correlation_id: str = Field(sa_type=Text)
    not_before: datetime | None = Field(default=None, sa_column=_moment(default=True))
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))


class Registration(Row, table=True):
    """One try to register. The link in its mail makes exactly this password valid, nobody else's."""

    __tablename__ = "registrations"

    registration_id: str = Field(sa_type=Text, primary_key=True)
    account_id: str = Field(
        sa_column=Column(Text, ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False, index=True)
    )
    password_hash: str = Field(sa_type=Text)
    display_name: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))


class MailRequest(Row, table=True):
    """A mail that messaging was asked to send; its secret is made when messaging sends it."""

    __tablename__ = "mail_requests"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('verify-email', 'already-registered', 'reset-password', 'password-changed')", name="purpose"
        ),
        Index("mail_requests_account_id_purpose_created_at_idx", "account_id", "purpose", "created_at"),
    )

    request_id: str = Field(sa_type=Text, primary_key=True)
    account_id: str = Field(sa_column=_owned("accounts.account_id"))
    purpose: str = Field(sa_type=Text)
    registration_id: str | None = Field(
        default=None, sa_column=Column(Text, ForeignKey("registrations.registration_id", ondelete="SET NULL"))
    )
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))


class MailToken(Row, table=True):
    """Hash of a secret that stands in a mail; the row goes when it is used."""

    __tablename__ = "mail_tokens"

    token_hash: bytes = Field(sa_column=_secret())
    request_id: str = Field(
        sa_column=Column(Text, ForeignKey("mail_requests.request_id", ondelete="CASCADE"), nullable=False, index=True)
    )
    expires_at: datetime = Field(sa_column=_moment())


class Session(Row, table=True):
    """A browser's sign-in. It lives until ``idle_until`` (moved by use) and never beyond ``expires_at``."""

    __tablename__ = "sessions"

    secret_hash: bytes = Field(sa_column=_secret())
    session_id: str = Field(sa_type=Text, unique=True)
    account_id: str = Field(
        sa_column=Column(Text, ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False, index=True)
    )
    device: str = Field(sa_type=Text)
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))
    seen_at: datetime | None = Field(default=None, sa_column=_moment(default=True))
    idle_until: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())


class RefreshFamily(Row, table=True):
    """An app's sign-in: all refresh tokens that descend from one password."""

    __tablename__ = "refresh_families"

    family_id: str = Field(sa_type=Text, primary_key=True)
    account_id: str = Field(
        sa_column=Column(Text, ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False, index=True)
    )
    device: str = Field(sa_type=Text)
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))
    expires_at: datetime = Field(sa_column=_moment())


class RefreshToken(Row, table=True):
    __tablename__ = "refresh_tokens"

    token_hash: bytes = Field(sa_column=_secret())
    family_id: str = Field(
        sa_column=Column(Text, ForeignKey("refresh_families.family_id", ondelete="CASCADE"), nullable=False, index=True)
    )
    spent_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class Throttle(Row, table=True):
    """Attempts by key (a hashed address, or a client's network address)."""

    __tablename__ = "throttles"

    key: str = Field(sa_type=Text, primary_key=True)
    attempts: int
    charged_at: datetime = Field(sa_column=_moment())
    blocked_until: datetime = Field(sa_column=_moment())


class Seller(Row, table=True):
    """A shop. Latitude and longitude in millionths of a degree. ``payout_status`` is payment's, by its events."""

    __tablename__ = "sellers"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'open', 'suspended', 'closed')", name="status"),
        Index("sellers_status_seller_id_idx", "status", "seller_id"),
    )

    seller_id: str = Field(sa_type=Text, primary_key=True)
    handle: str = Field(sa_type=Text, unique=True)
    name: str = Field(sa_type=Text)
    description_fr: str = Field(sa_type=Text)
    description_en: str = Field(sa_type=Text)
    town: str = Field(sa_type=Text)
    postal_code: str = Field(sa_type=Text)
    country: str = Field(sa_type=Text)
    latitude: int
    longitude: int
    story: dict[str, str] | None = Field(default=None, sa_column=Column(JSONB))
    shipping_policy: dict[str, str] | None = Field(default=None, sa_column=Column(JSONB))
    returns_policy: dict[str, str] | None = Field(default=None, sa_column=Column(JSONB))
    status: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    opened_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    payout_status: str | None = Field(default=None, sa_type=Text)
    payout_sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))


class SellerMember(Row, table=True):
    __tablename__ = "seller_members"
    __table_args__ = (CheckConstraint("role IN ('owner', 'staff')", name="role"),)

    account_id: str = Field(sa_column=_owned("accounts.account_id", primary_key=True))
    seller_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("sellers.seller_id", ondelete="CASCADE"), nullable=False, primary_key=True, index=True
        )
    )
    role: str = Field(sa_type=Text)


class SellerInvitation(Row, table=True):
    """Staff by address: becomes a membership when a verified account has that address."""

    __tablename__ = "seller_invitations"

    email_key: str = Field(sa_type=Text, primary_key=True)
    seller_id: str = Field(sa_column=_owned("sellers.seller_id", primary_key=True))
    created_at: datetime | None = Field(default=None, sa_column=_moment(default=True))

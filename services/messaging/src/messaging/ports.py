"""What messaging needs from the outside world."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.values import Money
from messaging.domain.letter import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person to write to: fetched for one mail and forgotten after it."""

    email: str
    display_name: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMail:
    """A mail with a secret; ``token`` None when it has no link."""

    contact: Contact
    purpose: str
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """People by account, owners by shop; who is gone is missing."""

    accounts: Mapping[str, Contact]
    owners: Mapping[str, Sequence[Contact]]


class Directory(Protocol):
    """Identity. Raises ``edge.errors.Unavailable`` when it is away."""

    async def account_mail(self, request_id: str) -> AccountMail | None:
        """None when the mail is not needed any more."""

    async def contacts(self, *, accounts: Collection[str], sellers: Collection[str]) -> Contacts: ...

    async def shop_names(self, seller_ids: Collection[str]) -> Mapping[str, str]:
        """Names of the shops that are known; others are missing."""


class Mailer(Protocol):
    """The mail server."""

    async def send(self, message: bytes, *, recipients: Sequence[str]) -> None:
        """Hand a message over. Raises ``MailRefused``, ``MailServerAway`` or ``MailOutcomeUnknown``."""


class Texts(Protocol):
    """The catalogue of one language."""

    locale: str

    def text(self, key: str, **values: Any) -> str: ...

    def plural(self, key: str, count: int, **values: Any) -> str: ...

    def money(self, money: Money) -> str: ...

    def day(self, moment: datetime) -> str: ...


class Renderer(Protocol):
    def html(self, letter: Letter) -> str: ...

    def text(self, letter: Letter) -> str: ...


class MailRefused(Exception):
    """The server said no. ``for_good``: it would say so again (5yz)."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class MailServerAway(Exception):
    """Nothing was handed over."""


class MailOutcomeUnknown(Exception):
    """The text was being handed over when the connection broke: taken or not, nobody can say."""

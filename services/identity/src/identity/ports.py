"""What identity needs from the outside world."""

from typing import Protocol

from identity.domain.access import Access


class PasswordHasher(Protocol):
    """Slow on purpose, off the event loop, at most a few at a time."""

    async def hash(self, password: str) -> str:
        """Raise ``edge.errors.Unavailable`` when too many wait already."""

    async def verify(self, stored: str | None, password: str) -> bool:
        """The same work when nothing is ``stored``: then False."""

    def needs_rehash(self, stored: str) -> bool:
        """True when the hash was made with other parameters than today's."""


class Callers(Protocol):
    """Knows which service is calling."""

    def caller(self, assertion: str) -> str:
        """The name of the service that signed this; raises ``Unauthenticated``."""


class TokenSigner(Protocol):
    """Signs with identity's current key."""

    def internal(self, access: Access, audience: str, *, now: int) -> str:
        """A token that one service accepts, with ``access`` inside."""

    def external(self, account_id: str, *, family_id: str, now: int) -> str:
        """An access token for apps; services never accept it."""

    def read_external(self, token: str) -> tuple[str, str] | None:
        """(account id, family id) of a token that is ours and alive, else None."""

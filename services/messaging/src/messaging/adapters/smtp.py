"""The mail server, by SMTP. The steps are taken one by one, so that it is always known how far a message got."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from messaging.ports import MailOutcomeUnknown, MailRefused, MailServerAway

_SECONDS = 15.0
_IDLE_SECONDS = 10.0
_SCHEMES = {"smtp": (False, False, 25), "smtp+starttls": (False, True, 587), "smtps": (True, False, 465)}
_PERMANENT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAddress:
    """Where the mail server is. ``tls`` from the first byte, ``starttls`` demanded after the greeting."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str | None
    password: str | None


def smtp_address(url: str) -> SmtpAddress:
    """Read ``smtp://``, ``smtp+starttls://`` or ``smtps://`` ``[user:password@]host[:port]``; raises ``ValueError``."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError("SMTP_URL must be smtp://, smtp+starttls:// or smtps:// with a host")
    tls, starttls, port = _SCHEMES[parts.scheme]
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return SmtpAddress(
        host=parts.hostname, port=parts.port or port, tls=tls, starttls=starttls, user=user, password=password
    )


class SmtpMailer:
    """Implements ``ports.Mailer``. ``sender`` is the bare envelope address. Connections serve messages that follow closely;
    one that the server has closed meanwhile is noticed before a message is handed over, and replaced.
    """

    def __init__(self, address: SmtpAddress, *, sender: str) -> None:
        self._address = address
        self._sender = sender
        self._idle: list[tuple[float, SMTP]] = []

    async def send(self, message: bytes, *, recipients: Sequence[str]) -> None:
        smtp = await self._connected()
        try:
            await self._offer(smtp, recipients)
            await self._hand_over(smtp, message)
        except BaseException:
            smtp.close()
            raise
        self._idle.append((time.monotonic(), smtp))

    async def open(self) -> None:
        """Nothing to prepare: the first message connects."""

    async def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    async def _connected(self) -> SMTP:
        """A connection that answers; raises ``MailServerAway``."""
        while self._idle:
            left, smtp = self._idle.pop()
            if time.monotonic() - left < _IDLE_SECONDS and await _answers(smtp):
                return smtp
            smtp.close()
        smtp = self._client()
        try:
            await smtp.connect()
        except SMTPResponseException as refused:
            smtp.close()
            raise _refusal(refused) from refused
        except (SMTPException, OSError, TimeoutError) as error:
            smtp.close()
            raise MailServerAway(f"{type(error).__name__}: {error}") from error
        return smtp

    async def _offer(self, smtp: SMTP, recipients: Sequence[str]) -> None:
        """Everything before the text: until here, nothing can have been taken."""
        try:
            await smtp.mail(self._sender)
            refusals = [refusal for recipient in recipients if (refusal := await _offer_to(smtp, recipient))]
        except SMTPResponseException as refused:
            raise _refusal(refused) from refused
        except (SMTPException, OSError, TimeoutError) as error:
            raise MailServerAway(f"{type(error).__name__}: {error}") from error
        if len(refusals) == len(recipients):
            raise _refusal(refusals[0])

    async def _hand_over(self, smtp: SMTP, message: bytes) -> None:
        try:
            await smtp.data(message)
        except SMTPDataError as refused:
            raise _refusal(refused) from refused
        except (SMTPException, OSError, TimeoutError) as error:
            raise MailOutcomeUnknown(f"{type(error).__name__}: {error}") from error

    def _client(self) -> SMTP:
        at = self._address
        return SMTP(
            hostname=at.host,
            port=at.port,
            username=at.user,
            password=at.password,
            use_tls=at.tls,
            start_tls=at.starttls,
            timeout=_SECONDS,
        )


async def _answers(smtp: SMTP) -> bool:
    try:
        await smtp.rset()
    except (SMTPException, OSError, TimeoutError):
        return False
    return True


async def _offer_to(smtp: SMTP, recipient: str) -> SMTPRecipientRefused | None:
    """The refusal of one recipient; others may still be taken."""
    try:
        await smtp.rcpt(recipient)
    except SMTPRecipientRefused as refused:
        return refused
    return None


def _refusal(refused: SMTPResponseException) -> MailRefused:
    return MailRefused(f"{refused.code} {refused.message}", for_good=refused.code >= _PERMANENT)

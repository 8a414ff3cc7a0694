"""The SMTP side: one listener in the event loop, no thread, no authentication, nothing leaves the machine."""

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP

from standins.mail.message import parse_mail
from standins.mail.store import Mailbox
from standins.server import bind_port

_LARGEST_MAIL = 26_214_400


class SmtpPort:
    """Listens for mail and puts it into the mailbox."""

    def __init__(self, mailbox: Mailbox, *, host: str, port: int) -> None:
        self._mailbox = mailbox
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the port."""
        listener = bind_port(self._host, self._port, setting="STANDIN_SMTP_PORT")
        self._server = await asyncio.get_running_loop().create_server(self._session, sock=listener)

    async def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take one mail (the name is aiosmtpd's)."""
        number = self._mailbox.add(parse_mail(envelope.content), list(envelope.rcpt_tos))
        return f"250 OK: kept as message {number} by the mail stand-in"

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="mail-standin",
            ident="Halles mail stand-in",
            enable_SMTPUTF8=True,
            data_size_limit=_LARGEST_MAIL,
            loop=asyncio.get_running_loop(),
        )

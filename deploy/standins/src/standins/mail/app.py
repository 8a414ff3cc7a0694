"""Putting the mail stand-in together."""

from standins.database import open_database
from standins.mail.routes import MailRoutes
from standins.mail.settings import read_settings
from standins.mail.smtp import SmtpPort
from standins.mail.store import SCHEMA, Mailbox
from standins.server import HttpPort, Standin
from standins.settings import Environment


def mail_standin(environment: Environment) -> Standin:
    """Build the stand-in from the environment."""
    settings = read_settings(environment)
    mailbox = Mailbox(open_database(settings.data, SCHEMA), kept=settings.kept)
    smtp = SmtpPort(mailbox, host=settings.host, port=settings.smtp_port)
    return Standin(
        name="mail",
        http=HttpPort(settings.port, "STANDIN_MAIL_PORT", MailRoutes(mailbox).app(), settings.host),
        on_start=(smtp.start,),
        on_stop=(smtp.stop,),
    )

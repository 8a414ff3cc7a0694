"""Settings of the mail stand-in."""

from dataclasses import dataclass
from pathlib import Path

from standins.settings import Environment


@dataclass(frozen=True)
class MailSettings:
    """Ports, file, and how many messages are kept."""

    host: str
    port: int
    smtp_port: int
    data: Path
    kept: int = 5_000


def read_settings(environment: Environment) -> MailSettings:
    """Read the settings of the mail stand-in."""
    return MailSettings(
        host=environment.host(),
        port=environment.port("STANDIN_MAIL_PORT", offset=32),
        smtp_port=environment.port("STANDIN_SMTP_PORT", offset=33),
        data=environment.data_file("STANDIN_MAIL_DATA", default_name="mail.sqlite"),
        kept=environment.integer("STANDIN_MAIL_KEPT", default=5_000),
    )

"""From the bytes of a mail to what people and tests want to read."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

_FOR_PEOPLE = frozenset(("from", "to", "cc", "reply-to", "subject"))


@dataclass(frozen=True)
class ParsedMail:
    """The readable parts of one mail; `headers` maps each name, as written, to its last value."""

    sender: str
    subject: str
    date: str
    text: str
    html: str
    headers: dict[str, str]


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a mail; parts that are not there are empty texts."""
    message = message_from_bytes(raw, policy=default)
    return ParsedMail(
        sender=str(message.get("From", "")),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: _header(message, name, raw) for name, raw in message.raw_items()},
    )


def _header(message: EmailMessage, name: str, raw: str) -> str:
    """Return a header decoded when it is for people, and otherwise exactly as it was sent."""
    if name.lower() in _FOR_PEOPLE:
        return str(message[name])
    return "".join(str(raw).splitlines()).strip()


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if not isinstance(part, EmailMessage):
        return ""
    content = part.get_content()
    return content if isinstance(content, str) else ""

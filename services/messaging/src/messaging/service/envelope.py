"""The message as it goes over the wire."""

import hashlib
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from messaging.domain.letter import Letter
from messaging.ports import Contact, Renderer
from messaging.repository.mails import ClaimedMail

_POLICY = SMTP.clone(cte_type="7bit", max_line_length=78)


def message_id(dedup_key: str, *, domain: str) -> str:
    """Always the same for the same mail: how servers and readers tell a copy."""
    return f"<{hashlib.sha256(dedup_key.encode()).hexdigest()[:40]}@{domain}>"


def as_bytes(
    mail: ClaimedMail, letter: Letter, contacts: Sequence[Contact], *, sender: str, renderer: Renderer
) -> bytes:
    """Text and HTML; ``sender`` is ``Name <address>``. The date is the event's, so that copies are equal."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = [_address(contact) for contact in contacts]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail.dedup_key, domain=sender.rpartition("@")[2].rstrip("> "))
    message["X-Halles-Key"] = mail.dedup_key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(renderer.text(letter))
    message.add_alternative(renderer.html(letter), subtype="html")
    message["Content-Language"] = letter.locale
    return message.as_bytes()


def _address(contact: Contact) -> Address:
    """``Address`` encodes the name; line breaks, which it would refuse, are left out: no header is made by a name."""
    name = "".join(filter(str.isprintable, contact.display_name))
    return Address(display_name=name, addr_spec=contact.email)

"""Mails about the account itself."""

from urllib.parse import quote

from messaging.domain.letter import Button, Letter
from messaging.ports import Texts
from messaging.service.letters.facts import Facts, greeting

_PATHS = {"verify-email": "/verify", "reset-password": "/reset"}


def account_letter(kind: str, facts: Facts, t: Texts) -> Letter:
    """``kind``: verify-email | already-registered | reset-password | password-changed."""
    path = _PATHS.get(kind)
    target = f"{path}?token={quote(facts.token or '')}" if path else "/sign-in"
    return Letter(
        locale=t.locale,
        subject=t.text(f"{kind}.subject"),
        preview=t.text(f"{kind}.preview"),
        greeting=greeting(facts, t),
        paragraphs=(t.text(f"{kind}.intro"),),
        button=Button(t.text(f"{kind}.button"), f"{facts.site_url}{target}"),
        small_print=(t.text(f"{kind}.note"),),
    )

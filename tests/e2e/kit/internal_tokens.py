"""Internal tokens as identity would sign them, and the documents of all services, read in one process."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from edge.auth import ALGORITHM, TOKEN_TYPE
from gateway.document.pages import document
from halles_local import environment
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

Document = dict[str, Any]


@dataclass(frozen=True)
class Somebody:
    """``token``: of the public API, empty for visitors. The rest is what identity would write into an internal token."""

    token: str = ""
    subject: str = "anonymous"
    roles: tuple[str, ...] = ("anonymous",)
    memberships: Mapping[str, str] = field(default_factory=dict)

    def claims(self, audience: str, *, seconds: int = 7200) -> dict[str, Any]:
        now = int(time.time())
        made = {"iss": "identity", "sub": self.subject, "aud": audience, "iat": now, "exp": now + seconds}
        return made | {"roles": list(self.roles), "memberships": dict(self.memberships), "auth_time": now}


def signing_key(stack: Stack) -> OKPKey:
    return OKPKey.import_key(json.loads(Secrets(stack).signing_key.read_text()))


def internal_token(key: OKPKey, somebody: Somebody, audience: str) -> str:
    """A real internal token, but one that lasts as long as a test run: signed with identity's own key."""
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}
    return jwt.encode(header, somebody.claims(audience), key, algorithms=[ALGORITHM])


def document_of(name: str, stack: Stack) -> Document:
    """What a service says of its own API, built with the settings that it has in this stack; the public one for the gateway."""
    if name == "gateway":
        return document()
    with _environment(environment.build(stack, name, Secrets(stack))):
        settings = import_module(f"{name}.settings").Settings()
    made: Document = import_module(f"{name}.app").build(settings).api.openapi()
    return made


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

"""Around the gateway and with false proof: every service believes identity's tokens only (S5, S6)."""

import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from audiences import Audience
from e2e_kit import ask, keyed
from internal_tokens import Document, internal_token, signing_key
from isolation_kit import Operation, operations
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from story import Story

from edge.auth import ALGORITHM, TOKEN_TYPE
from edge.client import ClientKey
from halles_local.ports import DATABASES
from halles_local.secret_files import Secrets

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
IDENTITY_HEADERS = ("X-User-Id", "X-Forwarded-User", "X-Account-Id", "Halles-Subject", "Halles-Principal", "X-Roles")


def guarded(document: Document) -> list[Operation]:
    return [one for one in operations(document) if one.raw["security"]]


def forged(story: Story, audience: str) -> dict[str, str]:
    """Tokens that claim to be the buyer and an admin, each wrong in one way."""
    now, key = int(time.time()), signing_key(story.world.place.stack)
    claims = {**story.people["buyer"].claims(audience), "roles": ["buyer", "admin", "service"]}
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}

    def signed(*, by: OKPKey = key, head: dict[str, Any] = header, **changed: Any) -> str:
        return jwt.encode(head, {**claims, **changed}, by, algorithms=[ALGORITHM])

    public = OctKey.import_key(json.dumps(key.as_dict(private=False)))
    real = signed()
    return {
        "own key": signed(by=OKPKey.generate_key("Ed25519")),
        "alg none": ".".join(encoded(part) for part in ({**header, "alg": "none"}, claims)) + ".",
        "HS256 with the public key": jwt.encode({**header, "alg": "HS256"}, claims, public, algorithms=["HS256"]),
        "expired": signed(exp=now - 90),
        "not yet": signed(nbf=now + 600),
        "another audience": signed(aud="nobody"),
        "several audiences": signed(aud=["nobody", "gateway"]),
        "no audience": signed(aud=None),
        "another issuer": signed(iss="order"),
        "another type": signed(head={**header, "typ": "at+jwt"}),
        "no expiry": jwt.encode(header, {k: v for k, v in claims.items() if k != "exp"}, key, algorithms=[ALGORITHM]),
        "changed roles": ".".join([real.split(".")[0], encoded({**claims, "roles": ["x"]}), real.split(".")[2]]),
        "client assertion": ClientKey("gateway", Secrets(story.world.place.stack).client_key("gateway")).assertion(),
        "access token": story.people["buyer"].token,
        "empty": "",
    }


def encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def status(story: Story, service: str, one: Operation, headers: dict[str, str]) -> int:
    base = story.world.place.stack.ports.url(service)
    content = None if one.method == "GET" else json.dumps(one.body(story.ids) or {}).encode()
    address, sent = one.address(story.ids), {**keyed(), "Content-Type": one.media_type, **headers}
    return (
        await ask(story.world.place.visitor(), one.method, address, content=content, headers=sent, base=base)
    ).status


@pytest.mark.parametrize("service", DATABASES)
async def test_no_route_believes_headers_or_a_token_for_somebody_else(
    documents: dict[str, Document], story: Story, service: str
) -> None:
    neighbour = DATABASES[DATABASES.index(service) - 1]
    elsewhere = internal_token(signing_key(story.world.place.stack), story.people["admin"], neighbour)
    told = dict.fromkeys(IDENTITY_HEADERS, story.people["admin"].subject)
    answers = {}

    for one in guarded(documents[service]):
        for proof in (told, {"Authorization": f"Bearer {elsewhere}"}):
            answers[one.name, *proof] = await status(story, service, one, proof)

    assert {name: found for name, found in answers.items() if found != 401} == {}
    assert answers


@pytest.mark.parametrize("service", DATABASES)
async def test_no_service_believes_a_forged_token(documents: dict[str, Document], story: Story, service: str) -> None:
    one = next(one for one in guarded(documents[service]) if one.method == "GET" and "admin" in one.audience.value)
    real = internal_token(signing_key(story.world.place.stack), story.people["admin"], service)

    found = {
        kind: await status(story, service, one, {"Authorization": f"Bearer {token}"})
        for kind, token in forged(story, service).items()
    }

    assert {kind: answer for kind, answer in found.items() if answer != 401} == {}
    assert await status(story, service, one, {"Authorization": f"Bearer {real}"}) == 200


@pytest.mark.parametrize("service", DATABASES)
async def test_what_a_service_keeps_inside_is_closed_to_people(story: Story, service: str) -> None:
    """``/internal/consumed`` is for services and admins; the gateway passes nothing of it on."""
    inside = Operation("POST", "/internal/consumed", {})
    key = signing_key(story.world.place.stack)
    found = {}
    for who in ("visitor", "buyer", "owner", "support"):
        token = internal_token(key, story.people[who], service)
        found[who] = await status(story, service, inside, {"Authorization": f"Bearer {token}"})

    assert found == {"visitor": 401, "buyer": 403, "owner": 403, "support": 403}
    for path in ("/internal/consumed", "/internal/tokens", "/metrics", "/livez", "/openapi.json/../metrics"):
        headers = {"X-Forwarded-For": "203.0.113.7"}
        outside = await ask(story.world.place.visitor(), "GET", path, headers=headers)
        assert outside.status == 404, path


async def test_identity_headers_of_clients_mean_nothing_at_the_gateway(
    documents: dict[str, Document], story: Story
) -> None:
    headers = dict.fromkeys(IDENTITY_HEADERS, story.people["admin"].subject)
    found = {
        one.name: await status(story, "gateway", one, headers)
        for one in operations(documents["gateway"])
        if one.audience not in (Audience.PUBLIC, Audience.PROVED)
    }

    assert {name: answer for name, answer in found.items() if answer != 401} == {}
    assert len(found) > 40

"""Internal tokens: signed by identity for this service, now; everything else is refused (S5, S45)."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import pytest
import pytest_asyncio
from edge_kit import Identity, answer_of, api_of, new_key, running_identity
from fastapi import APIRouter, FastAPI
from joserfc import jws
from joserfc.jwk import OctKey

from edge.auth import Principal, allow, anyone
from testkit import Answer


@pytest_asyncio.fixture(loop_scope="session")
async def identity() -> AsyncIterator[Identity]:
    async with running_identity() as running:
        yield running


def app_for(identity: Identity) -> FastAPI:
    router = APIRouter()

    @router.get("/me")
    async def me(principal: Annotated[Principal, anyone()]) -> dict[str, Any]:
        return {"subject": principal.subject, "memberships": dict(principal.memberships)}

    @router.get("/buyers")
    async def buyers(principal: Annotated[Principal, allow("buyer")]) -> str:
        return principal.subject

    return api_of(router, identity_url=identity.url)


async def get(app: FastAPI, token: str | None, path: str = "/me") -> Answer:
    return await answer_of(app, path, headers={"Authorization": f"Bearer {token}"} if token is not None else {})


async def test_a_good_token_says_who_calls(identity: Identity) -> None:
    answer = await get(app_for(identity), identity.token(memberships={"sel_1": "owner"}))

    assert (answer.status, answer.json()) == (200, {"subject": "acc_1", "memberships": {"sel_1": "owner"}})


def _encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(identity: Identity) -> str:
    return f"{_encoded({'alg': 'none', 'typ': 'int+jwt', 'kid': 'first'})}.{_encoded(identity.claims())}."


def signed_with_the_public_key_as_a_secret(identity: Identity) -> str:
    """The classic confusion: HS256 with the bytes of the public key."""
    secret = OctKey.import_key(identity.keys[0].as_dict(private=False)["x"])
    header = {"alg": "HS256", "typ": "int+jwt", "kid": "first"}
    return jws.serialize_compact(header, json.dumps(identity.claims()), secret, algorithms=["HS256"])


def tampered(identity: Identity) -> str:
    head, _, signature = identity.token().split(".")
    return f"{head}.{_encoded(identity.claims(roles=['admin']))}.{signature}"


NOW = int(time.time())
FORGERIES: dict[str, Callable[[Identity], str]] = {
    "another audience": lambda identity: identity.token(aud="payment"),
    "no audience": lambda identity: identity.token(aud=None),
    "another issuer": lambda identity: identity.token(iss="https://elsewhere.example"),
    "no issuer": lambda identity: identity.token(iss=None),
    "no subject": lambda identity: identity.token(sub=None),
    "expired": lambda identity: identity.token(exp=NOW - 120, iat=NOW - 180),
    "never expires": lambda identity: identity.token(exp=None),
    "not valid yet": lambda identity: identity.token(nbf=NOW + 3600),
    "expiry is no number": lambda identity: identity.token(exp="tomorrow"),
    "an access token for apps": lambda identity: identity.token(header={"typ": "at+jwt"}),
    "a client assertion": lambda identity: identity.token(header={"typ": "client+jwt"}),
    "no type": lambda identity: identity.token(header={"typ": "JWT"}),
    "alg none": unsigned,
    "HS256": signed_with_the_public_key_as_a_secret,
    "changed claims": tampered,
    "another key under our kid": lambda identity: identity.token(key=new_key("first")),
    "an unknown key": lambda identity: identity.token(key=new_key("stranger")),
    "no token at all": lambda _: "nonsense",
    "empty": lambda _: "",
    "five parts": lambda identity: identity.token() + ".a.b",
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_forged_and_foreign_tokens_are_refused_without_a_reason(identity: Identity, forgery: str) -> None:
    answer = await get(app_for(identity), FORGERIES[forgery](identity))

    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")
    assert "aud" not in answer.json()["detail"]
    assert "signature" not in answer.json()["detail"]


@pytest.mark.parametrize("header", ["X-User-Id", "X-Forwarded-User", "Halles-Subject", "Cookie"])
async def test_unsigned_identity_headers_are_nothing(identity: Identity, header: str) -> None:
    answer = await answer_of(app_for(identity), "/me", headers={header: "acc_1"})

    assert answer.status == 401


async def test_a_wrong_role_is_forbidden_and_a_visitor_is_asked_to_sign_in(identity: Identity) -> None:
    app = app_for(identity)

    staff = await get(app, identity.token(roles=["seller-staff"]), "/buyers")
    visitor = await get(app, identity.token(sub="anonymous", roles=["anonymous"]), "/buyers")

    assert (staff.status, staff.json()["code"]) == (403, "forbidden")
    assert (visitor.status, visitor.json()["code"]) == (401, "unauthenticated")


async def test_a_new_key_of_identity_is_fetched_once_and_then_known(identity: Identity) -> None:
    app = app_for(identity)
    assert (await get(app, identity.token())).status == 200
    identity.keys.append(new_key("second"))

    answers = [(await get(app, identity.token(key=identity.keys[1], sub=f"acc_{n}"))).status for n in range(5)]

    assert (answers, identity.fetches) == ([200] * 5, 2)


async def test_a_token_is_checked_once_and_forgotten_when_it_expires(identity: Identity) -> None:
    app, token = app_for(identity), identity.token()
    verifier = app.state.verifier
    assert (await get(app, token)).status == 200
    verifier._keys = None
    identity.away = True

    assert (await get(app, token)).status == 200
    expires, principal = verifier._known[token]
    assert expires <= time.time() + 60
    verifier._known[token] = (int(time.time()) - 1, principal)
    assert (await get(app, token)).status == 503


async def test_without_the_keys_of_identity_nobody_gets_in(identity: Identity) -> None:
    identity.away = True
    app = app_for(identity)

    answers = [await get(app, token) for token in (identity.token(), unsigned(identity), tampered(identity))]

    assert [answer.status for answer in answers] == [503] * 3
    assert "retry-after" in answers[0].headers
    assert (await get(app, None)).status == 401


async def test_when_the_keys_are_back_callers_are_again(identity: Identity) -> None:
    identity.away = True
    app = app_for(identity)
    assert (await get(app, identity.token())).status == 503
    identity.away = False

    assert (await get(app, identity.token())).status == 200

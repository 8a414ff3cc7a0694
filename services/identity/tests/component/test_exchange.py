"""Who gets internal tokens, for whom, and what services may ask about people."""

import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from edge.auth import ALGORITHM, check_token
from edge.client import ClientKey
from identity.adapters.keys import read_signing_keys
from testkit import anonymous, buyer, operator, service_principal

PATH = "/internal/tokens"
NOBODY = {"audience": ["order"], "credential": {"kind": "anonymous"}}


async def with_assertion(world: Any, assertion: str, body: dict[str, Any] = NOBODY) -> Any:
    headers = {"authorization": f"Bearer {assertion}"}
    return await world.api.acting_as(None).request("POST", PATH, json=body, headers=headers)


def forged(world: Any, key: str = "order", **change: Any) -> str:
    signing = OKPKey.import_key(json.loads((world.keys / f"{key}.json").read_text()))
    claims = {"iss": "order", "sub": "order", "aud": "identity", "iat": 1, "exp": 4_000_000_000, **change}
    header = {"alg": ALGORITHM, "typ": claims.pop("typ", "client+jwt")}
    return jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, signing, algorithms=[ALGORITHM])


async def test_a_service_gets_tokens_for_itself(world: Any) -> None:
    status, answer = await world.exchange("service", caller="messaging", audience=("identity",))

    claims = check_token(answer["tokens"]["identity"], read_signing_keys(world.keys / "signing.json", None).all,
                         audience="identity")  # fmt: skip
    assert (status, claims["sub"], claims["roles"]) == (200, "service:messaging", ["service"])


@pytest.mark.parametrize("kind", ["session", "access", "anonymous"])
async def test_only_the_gateway_speaks_for_people(world: Any, kind: str) -> None:
    person = await world.person()

    status, problem = await world.exchange(kind, person["session_token"], caller="order")

    assert (status, problem["code"]) == (403, "forbidden")


async def test_tokens_are_made_for_known_services_only(world: Any) -> None:
    status, problem = await world.exchange("anonymous", audience=("order", "evil"))

    assert (status, problem["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "assertion",
    [
        {"key": "signing"},
        {"aud": "order"},
        {"iss": "gateway"},
        {"sub": "gateway"},
        {"exp": 1},
        {"exp": None},
        {"typ": "int+jwt"},
        {"iss": "nobody", "sub": "nobody"},
        {},
    ],
    ids=str,
)
async def test_a_bad_assertion_is_refused(world: Any, assertion: dict[str, Any]) -> None:
    answer = await with_assertion(world, forged(world, **assertion))

    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("text", ["", "nonsense", "a.b.c", "a.W10.c", "e30.e30."])
async def test_what_is_no_assertion_is_refused(world: Any, text: str) -> None:
    assert (await with_assertion(world, text)).status == 401


async def test_an_assertion_works_again_while_it_lives(world: Any) -> None:
    assertion = ClientKey("gateway", world.keys / "gateway.json").assertion()

    assert [(await with_assertion(world, assertion)).status for _ in range(2)] == [200, 200]


async def test_unknown_credentials_are_expired_ones(world: Any) -> None:
    for kind in ("session", "access"):
        status, problem = await world.exchange(kind, "x" * 43)
        assert (status, problem["code"]) == (401, "session-expired")


async def test_public_keys_hold_no_private_part(world: Any) -> None:
    answer = await world.api.acting_as(None).request("GET", "/.well-known/jwks.json")

    (key,) = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], "d" in key) == ("OKP", "Ed25519", "Ed25519", False)


async def test_a_granted_role_is_in_the_next_token_and_gone_when_taken(world: Any) -> None:
    person = await world.person()
    path = f"/v1/operator/accounts/{person['account']['account_id']}/roles"

    await world.call("PUT", path, {"roles": ["support"]}, by=operator())
    dead, _ = await world.exchange("session", person["session_token"])
    again = await world.sign_in(person["email"])
    await world.call("PUT", path, {"roles": []}, by=operator())
    plain = await world.sign_in(person["email"])

    assert (dead, "support" in again["principal"].roles, "support" in plain["principal"].roles) == (401, True, False)


async def test_nobody_below_admin_grants_roles(world: Any) -> None:
    person = await world.person()

    answer = await world.call("PUT", f"/v1/operator/accounts/{person['principal'].subject}/roles", {"roles": ["admin"]},
                              by=person["principal"])  # fmt: skip

    assert answer.status == 403
    assert (await world.row("SELECT granted_roles FROM accounts"))["granted_roles"] == []


async def test_contacts_are_for_messaging_alone(world: Any) -> None:
    person = await world.person()
    account_id = person["account"]["account_id"]
    asked = {"accounts": [account_id, "acc_gone"], "sellers": ["sel_gone"]}

    callers = [service_principal("messaging"), service_principal("order"), operator(), buyer(), anonymous()]
    answers = [await world.call("POST", "/internal/contacts", asked, by=caller) for caller in callers]

    assert [answer.status for answer in answers] == [200, 403, 403, 403, 401]
    known = {"account_id": account_id, "email": person["email"], "display_name": "Zoé", "locale": "fr"}
    assert answers[0].json() == {"accounts": {account_id: known}, "owners": {}}


async def test_a_shops_contacts_are_its_owners(world: Any) -> None:
    await world.execute(
        """INSERT INTO sellers (seller_id, handle, name, description_fr, description_en, town, postal_code, country,
                                latitude, longitude, status) VALUES ('sel_1', 'h', 'n', '', '', 't', '1', 'FR', 0, 0, 'open')"""
    )
    for role in ("owner", "staff"):
        person = await world.person(f"{role}@example.org")
        await world.execute("INSERT INTO seller_members VALUES (%s, 'sel_1', %s)", person["principal"].subject, role)

    answer = await world.call("GET", "/internal/sellers/sel_1/contacts", by=service_principal("messaging"))

    assert [item["email"] for item in answer.json()["items"]] == ["owner@example.org"]
    asked = {"accounts": [], "sellers": ["sel_1"]}
    book = await world.call("POST", "/internal/contacts", asked, by=service_principal("messaging"))
    assert [item["email"] for item in book.json()["owners"]["sel_1"]] == ["owner@example.org"]


async def test_operators_look_people_up_by_exact_address(world: Any) -> None:
    person = await world.person("Found@example.org")

    found = await world.call("GET", "/v1/operator/accounts?email=found@example.org", by=operator())
    missing = await world.call("GET", "/v1/operator/accounts?email=f@example.org", by=operator())

    (item,) = found.json()["items"]
    assert (item["account_id"], missing.json()) == (person["account"]["account_id"], {"items": []})
    assert "hash" not in str(item)

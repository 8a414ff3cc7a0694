"""Each route, each method, each id, asked by everybody: at the gateway and at each service's own port (S1–S4 of reliability.md 5.7)."""

import json
from typing import Any

import pytest
from audiences import EVERYBODY, Audience
from e2e_kit import Reply, ask, keyed
from internal_tokens import Document, Somebody, internal_token, signing_key
from isolation_kit import Operation, everybody_for, operations, refusals, undeclared, undocumented
from story import Story, picture

from halles_local.ports import DATABASES

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
PLACES = ("gateway", *DATABASES)
INJECTED = {"role": "admin", "seller_id_": "sel_x", "unit_price": 1, "total": {"amount": 1}, "verified_purchase": True}
WELCOME = {"GET /v1/health": (200, 503)}
OWN_EYES = ("/v1/me", "/v1/operator/accounts", "/v1/sellers/{seller_id}/members")


class Asking:
    """Calls at one place as anybody: with a public token at the gateway, an internal one at a service."""

    def __init__(self, story: Story, place: str) -> None:
        self._story = story
        self._place = place
        self._base = story.world.place.stack.ports.url(place)
        self._key = signing_key(story.world.place.stack)

    def token(self, who: Somebody) -> str:
        return who.token if self._place == "gateway" else internal_token(self._key, who, self._place)

    async def __call__(self, one: Operation, who: Somebody, body: Any = None, **headers: str) -> Reply:
        token = self.token(who)
        sent = {**keyed(), **({"Authorization": f"Bearer {token}"} if token else {}), **headers}
        address = one.address(self._story.ids)
        content = None if one.method == "GET" else json.dumps(body if one.takes_body else {}).encode()
        if one.media_type != "application/json":
            content, sent["Content-Type"] = picture(one.media_type), one.media_type
        visitor = self._story.world.place.visitor()
        return await ask(visitor, one.method, address, content=content, headers=sent, base=self._base)


def test_every_route_of_every_document_is_in_the_matrix(documents: dict[str, Document], story: Story) -> None:
    found = {place: undeclared(operations(document), story.ids) for place, document in documents.items()}

    assert {place: missing for place, missing in found.items() if missing} == {}
    assert sum(len(operations(document)) for document in documents.values()) > 140


def test_a_route_that_nobody_declared_fails_the_matrix(story: Story) -> None:
    body = {"content": {"application/json": {"schema": {}}}}
    planted = {"paths": {"/v1/secrets/{secret_id}": {"post": {"requestBody": body}}}}

    missing = undeclared(operations(planted), story.ids)

    assert [line.partition(": ")[2] for line in missing] == [
        "no audience in audiences.ROUTES",
        "the story has no secret_id",
        "no valid body in audiences.BODIES",
    ]


@pytest.mark.parametrize("place", PLACES)
async def test_nobody_reaches_what_is_not_theirs_and_nothing_changes(
    documents: dict[str, Document], story: Story, place: str
) -> None:
    asking, wrong, tried = Asking(story, place), [], 0
    schemas = documents[place]["components"]["schemas"]
    before = await story.views()

    for one in operations(documents[place]):
        for who in everybody_for(one):
            reply, refused = await asking(one, story.people[who], one.body(story.ids)), refusals(one, who)
            tried += 1
            if reply.status not in (refused or WELCOME.get(one.name, (200,))):
                wrong.append(f"{one.name} as {who}: {reply.status} {reply.code}, wanted {refused or 200}")
            wrong += [f"{one.name} as {who}: {found}" for found in leaks(one, who, reply, story, schemas)]

    assert not wrong, "\n".join(wrong)
    assert await story.views() == before
    assert tried >= len(EVERYBODY)


def leaks(one: Operation, who: str, reply: Reply, story: Story, schemas: Document) -> list[str]:
    """Fields that no document names, and the victim's secrets before eyes that may not see them (S3)."""
    found = []
    shown = json.dumps(reply.body)
    if who not in ("buyer", "admin", "support") and one.path not in OWN_EYES and story.secrets["email"] in shown:
        found.append("shows the buyer's address")
    if reply.status >= 400:
        return found
    schema = one.raw["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
    return found + [
        f"answers {field}, which the document does not name" for field in undocumented(reply.body, schema, schemas)
    ]


@pytest.mark.parametrize("place", PLACES)
async def test_fields_that_a_body_does_not_have_are_refused(
    documents: dict[str, Document], story: Story, place: str
) -> None:
    """At each level of each body, by somebody who may make the call (S4)."""
    asking, accepted = Asking(story, place), []
    service = Somebody(subject="service:messaging", roles=("service",))

    for one in operations(documents[place]):
        if not one.takes_body or one.audience is Audience.PROVED:
            continue
        who = story.people[one.audience.value[0]] if one.audience is not Audience.SERVICE else service
        for name, body in injected(one.body(story.ids)):
            reply = await asking(one, who, body)
            if reply.status != 422 or not any(name in pointer for pointer in reply.pointers):
                accepted.append(f"{one.name} with {name}: {reply.status} {reply.code} {reply.pointers}")

    assert accepted == []


def injected(body: Any) -> list[tuple[str, Any]]:
    """The body with one more field, at each of its levels."""
    found: list[tuple[str, Any]] = [(name, {**body, name: value}) for name, value in INJECTED.items()]
    for key, inner in body.items():
        if isinstance(inner, dict):
            found += [(name, {**body, key: deeper}) for name, deeper in injected(inner)]
    return found

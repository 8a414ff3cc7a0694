"""What holds for every route: somebody has to be named, and nothing secret reaches the log."""

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute

from testkit import anonymous

OPEN = {
    ("GET", "/.well-known/jwks.json"), ("POST", "/internal/tokens"), ("GET", "/livez"), ("GET", "/readyz"),
    ("GET", "/startupz"), ("GET", "/metrics"),
}  # fmt: skip
FOR_ANYONE = {
    ("POST", "/v1/guests"), ("POST", "/v1/accounts"), ("POST", "/v1/accounts/verification"),
    ("POST", "/v1/accounts/verification-requests"),
    ("POST", "/v1/password-resets"), ("POST", "/v1/password-resets/confirmation"), ("POST", "/v1/sessions"),
    ("POST", "/v1/tokens"), ("POST", "/v1/tokens/revocation"), ("GET", "/v1/sellers"),
    ("GET", "/v1/sellers/{seller_id_or_handle}"),
}  # fmt: skip


def routes(world: Any) -> set[tuple[str, str]]:
    paths = world.service.api.openapi()["paths"]
    found = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    return found - OPEN


async def statuses(world: Any, by: Any) -> dict[tuple[str, str], int]:
    found = {}
    for method, path in routes(world):
        answer = await world.as_(by).request(method, path.replace("{", "").replace("}", ""), json={})
        found[method, path] = answer.status
    return found


async def test_no_route_answers_without_an_internal_token(world: Any) -> None:
    world.as_(anonymous())._token()

    answers = await statuses(world, None)

    assert {status for status in answers.values()} == {401}
    assert len(answers) > 20


async def test_somebody_not_signed_in_reaches_only_what_is_for_anyone(world: Any) -> None:
    answers = await statuses(world, anonymous())

    assert {route for route, status in answers.items() if status != 401} == FOR_ANYONE


async def test_passwords_and_secrets_are_in_no_log_line(world: Any, capfd: pytest.CaptureFixture[str]) -> None:
    password = "canary of a password, long"
    person = await world.person("canary@example.org", password=password)
    await world.call("POST", "/v1/sessions", {"email": "canary@example.org", "password": "canary of a guess"})
    tokens = await world.call(
        "POST", "/v1/tokens", {"grant_type": "password", "email": "canary@example.org", "password": password}
    )

    written = "".join(capfd.readouterr())

    assert "session.opened" in written
    for secret in ("canary", person["session_token"], json.loads(tokens.body)["refresh_token"]):
        assert secret not in written


def test_the_api_document_names_every_route(world: Any) -> None:
    documented = routes(world)

    declared = {
        (method, route.path)
        for route in all_routes(world.service.api.routes)
        for method in route.methods
        if route.include_in_schema
    }
    assert documented | OPEN >= declared


def all_routes(found: Any) -> list[APIRoute]:
    return [route for route in found if isinstance(route, APIRoute)]

from typing import Any

import pytest

from edge.errors import AppError
from gateway import refusals
from gateway.document.merge import NotDocumented, merged
from gateway.document.operations import operations
from gateway.document.pages import Pages, document
from gateway.table.every import ROUTES
from gateway.table.route import get, write

UPSTREAM: dict[str, Any] = {
    "paths": {
        "/v1/things/{id_or_name}": {
            "get": {
                "parameters": [{"name": "id_or_name", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "422": {"description": "Validation Error"},
                },
            },
            "delete": {
                "parameters": [{"name": "id_or_name", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"204": {"description": "Gone"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {"type": "object", "properties": {"part": {"$ref": "#/components/schemas/Part"}}},
            "Part": {"type": "object", "properties": {}},
            "Unused": {"type": "object"},
        }
    },
}


def test_operations_keep_their_schemas_under_our_names() -> None:
    made = merged([get("/v1/things/{thing_id}", "catalog")], {"catalog": UPSTREAM})

    operation = made["paths"]["/v1/things/{thing_id}"]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["thing_id"]
    assert set(operation["responses"]) == {"200", "default"}
    assert set(made["components"]["schemas"]) == {"Problem", "catalog.Thing", "catalog.Part"}


def test_a_closed_schema_is_opened_where_other_parts_stand_beside_it() -> None:
    closed = {"type": "object", "properties": {}, "additionalProperties": False}
    schemas = {**UPSTREAM["components"]["schemas"], "Thing": closed, "Problem": closed}
    upstream = {**UPSTREAM, "components": {"schemas": schemas}}

    made = merged([get("/v1/things/{thing_id}", "catalog", view="search")], {"catalog": upstream})

    assert "additionalProperties" not in made["components"]["schemas"]["catalog.Thing"]
    assert closed["additionalProperties"] is False


def test_a_fixed_word_may_stand_for_their_id() -> None:
    made = merged([write("DELETE", "/v1/things/current", "catalog")], {"catalog": UPSTREAM})

    assert "parameters" not in made["paths"]["/v1/things/current"]["delete"]


def test_a_route_that_nobody_answers_is_an_error() -> None:
    with pytest.raises(NotDocumented, match="GET /v1/others"):
        merged([get("/v1/others", "catalog")], {"catalog": UPSTREAM})


def test_document_and_table_have_the_same_routes() -> None:
    documented = {(method.upper(), path) for path, item in document()["paths"].items() for method in item}

    assert documented == {(route.method, route.path) for route in ROUTES}


def test_every_reference_leads_somewhere() -> None:
    schemas = document()["components"]["schemas"]

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                assert part["$ref"].removeprefix("#/components/schemas/") in schemas
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for item in part:
                walk(item)

    walk(document())


async def test_pages_for_people(start: Any) -> None:
    client = await start()

    docs = await client.ask("GET", "/docs")
    page = await client.ask("GET", "/problems/cart-changed")
    unknown = await client.ask("GET", "/problems/nothing")

    text = docs.body.decode()
    assert "/v1/checkouts" in text and "shipping_address.postal_code" in text
    assert "style-src 'self'" in docs.headers["content-security-policy"]
    assert "<script" not in text
    assert page.status == 200
    assert (unknown.status, unknown.headers["content-type"]) == (404, "application/problem+json")
    assert sum(map(len, operations(document()).values())) == len(ROUTES)


def test_every_refusal_of_ours_has_a_page() -> None:
    codes = {kind.code for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, AppError)}

    assert codes <= set(Pages().problems)

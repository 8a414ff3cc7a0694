"""The OpenAPI document of a service: what FastAPI knows, and who may call, how, and what a refusal looks like."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from edge.auth import Guard, guards_of

Document = dict[str, Any]
SCHEME = "internal-token"
_REFERENCE = "#/components/schemas/"
_PYDANTICS = ("HTTPValidationError", "ValidationError")

PROBLEM: Document = {
    "type": "object",
    "description": "RFC 9457. Decide by `code`; show `detail` to people; quote `instance` when asking for help.",
    "properties": {
        "type": {"type": "string", "description": "Address of a page about this code."},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The request's id."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body, or ?name for a query parameter.",
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            },
        },
    },
    "required": ["type", "code", "title", "status", "detail", "instance"],
}


def document_of(app: FastAPI, plain: Document) -> Document:
    """``plain`` (FastAPI's document of ``app``) with ``security`` and ``x-roles`` from each route's declaration, and problems."""
    guards = {
        (route.path_format, method.lower()): guards_of(route)
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }
    for path, item in plain["paths"].items():
        for method, operation in item.items():
            _complete(operation, guards[path, method])
    components = plain.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _PYDANTICS:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    return plain


def _complete(operation: Document, guards: list[Guard]) -> None:
    """Refusals are problems with any status, so FastAPI's own 422 goes; several guards of a route must all be passed."""
    operation["responses"].pop("422", None)
    problem = {"schema": {"$ref": f"{_REFERENCE}Problem"}}
    operation["responses"]["default"] = {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": problem},
    }
    asking = [guard for guard in guards if guard.reason is None]
    operation["security"] = [{SCHEME: []}] if asking else []
    if named := [guard.roles for guard in asking if guard.roles]:
        operation["x-roles"] = sorted(frozenset.intersection(*named))

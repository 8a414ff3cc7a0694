"""What client authors read: the document itself, the page made of it, and a page per problem code."""

from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
import orjson
from starlette.responses import Response

from gateway.call import Call
from gateway.document.operations import operations
from gateway.refusals import NoSuchRoute

_PUBLIC = {"Cache-Control": "public, max-age=300"}
_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"


@cache
def document() -> dict[str, Any]:
    """The committed OpenAPI document; made by ``python -m gateway.document``."""
    loaded: dict[str, Any] = orjson.loads(_file("openapi.json"))
    return loaded


class Pages:
    """All three are rendered once and kept as bytes."""

    def __init__(self) -> None:
        loader = jinja2.PackageLoader("gateway.document")
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
        self.problems: dict[str, Any] = orjson.loads(_file("problems.json"))
        self._openapi = _file("openapi.json")
        self._style = _file("docs.css")
        self._made: dict[str, bytes] = {}

    async def openapi(self, _: Call) -> Response:
        return Response(self._openapi, headers=_PUBLIC, media_type="application/json")

    async def docs(self, _: Call) -> Response:
        values = {"document": document(), "operations": operations(document()), "problems": self.problems}
        return self._page("docs", "docs.html", values)

    async def problem(self, call: Call) -> Response:
        code = call.values["code"]
        if (known := self.problems.get(code)) is None:
            raise NoSuchRoute("No problem of this API has that code.")
        return self._page(f"problem:{code}", "problem.html", {"code": code, "problem": known})

    async def style(self, _: Call) -> Response:
        return Response(self._style, headers=_PUBLIC, media_type="text/css")

    def _page(self, name: str, template: str, values: dict[str, Any]) -> Response:
        if name not in self._made:
            self._made[name] = self._templates.get_template(template).render(values).encode()
        headers = {**_PUBLIC, "Content-Security-Policy": _POLICY}
        return Response(self._made[name], headers=headers, media_type="text/html")


def _file(name: str) -> bytes:
    return files("gateway.document").joinpath(name).read_bytes()

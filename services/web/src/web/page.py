"""One page request: its visitor, its language, and how to answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from web.api import Answer, Api, Problem, Refused
from web.languages import Language


class SignInNeeded(Exception):
    """The page is for people with an account."""


class Renderer(Protocol):
    """Templates of one language as text."""

    def __call__(self, template: str, language: Language, values: dict[str, Any]) -> str: ...


@dataclass(slots=True)
class Page:
    """Views get it, ask ``api`` and return ``render`` or ``go``."""

    request: Request
    api: Api
    language: Language
    renderer: Renderer
    path: str
    me: dict[str, Any] | None = None
    _asked: bool = field(default=False)

    async def who(self) -> dict[str, Any] | None:
        """The signed-in account, None for visitors; asked once."""
        if not self._asked and self.api.has_session:
            answer = await self.api.get("/v1/me")
            self.me = answer.body if answer.problem is None else None
        self._asked = True
        return self.me

    async def account(self) -> dict[str, Any]:
        """The signed-in account; raises ``SignInNeeded`` for visitors."""
        if (me := await self.who()) is None:
            raise SignInNeeded
        return me

    async def shop(self) -> dict[str, Any]:
        """The shop in the address, if the account works for it; else 404 as the API would say."""
        seller_id = self.request.path_params["seller_id"]
        for shop in (await self.account())["sellers"]:
            if shop["seller_id"] == seller_id:
                return dict(shop)
        raise Refused(Problem(404, "not-found", "", ""))

    async def operator(self) -> dict[str, Any]:
        """An operator's account; for everybody else the page does not exist."""
        me = await self.account()
        if not {"admin", "support"} & set(me["roles"]):
            raise Refused(Problem(404, "not-found", "", ""))
        return me

    def value(self, name: str) -> str:
        """An id of the address, or a parameter of the query."""
        return str(self.request.path_params.get(name) or self.request.query_params.get(name, ""))

    async def form(self) -> FormData:
        return await self.request.form(max_files=0, max_fields=60)

    async def render(self, template: str, *, status: int = 200, **values: object) -> Response:
        """The template with what every page needs beside ``values``."""
        await self.who()
        shared = {"page": self, "me": self.me, "notice": self.request.query_params.get("ok", "")}
        html = self.renderer(template, self.language, {**shared, **values})
        return self.finish(HTMLResponse(html, status))

    def go(self, path: str, *, ok: str = "") -> Response:
        """On to another page (303), with a notice by its code."""
        joint = "&" if "?" in path else "?"
        target = self.language.url(path) + (f"{joint}ok={quote(ok)}" if ok else "")
        return self.finish(RedirectResponse(target, 303))

    def finish(self, response: Response) -> Response:
        """With the cookies that the API set for this visitor."""
        for cookie in self.api.set_cookies:
            response.headers.append("set-cookie", cookie)
        response.headers.setdefault("cache-control", "private, no-store")
        return response


View = Callable[[Page], Awaitable[Response]]


def failed(answer: Answer) -> Problem | None:
    """The problem to show beside a form; raises ``Refused`` for what the form cannot mend (404, sign-in)."""
    if (
        answer.problem is not None
        and answer.problem.status in (401, 404)
        and answer.problem.code != "wrong-credentials"
    ):
        raise Refused(answer.problem)
    return answer.problem


def safe_next(path: str) -> str:
    """Only addresses of this site: a path, never another host."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"

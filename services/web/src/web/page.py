"""One page request: its visitor, its language, and how to answer."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from web import visits
from web.api import COOKIES, Answer, Api, Problem, Refused
from web.choices import CONSENTS, THEMES, Choices
from web.kept import Kept
from web.languages import Language

GUEST_CART = COOKIES[1]


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
    site_url: str
    kept: Kept
    choices: Choices
    me: dict[str, Any] | None = None
    unread: int = 0
    categories: list[dict[str, Any]] = field(default_factory=list)
    aisle: str = ""
    """Slug of the category of the first level that the page belongs to."""
    is_public: bool = False
    """Search engines may show it; everything about a person is not."""
    canonical: str = ""
    _asked: bool = field(default=False)
    _has_guest_cart_to_drop: bool = False
    _seen: tuple[str, str | None] | None = None

    @property
    def nonce(self) -> str:
        return str(self.request.scope["web.nonce"])

    @property
    def theme(self) -> str:
        return self.choices.one_of("theme", THEMES, "auto")

    @property
    def consent(self) -> str:
        """``yes``, ``no``, or nothing while the visitor has not said."""
        return self.choices.one_of("consent", CONSENTS)

    @property
    def basket(self) -> int:
        """Pieces in the cart as of the last answer that showed it."""
        pieces = self.choices["basket"]
        return int(pieces) if pieces.isdigit() and len(pieces) < 5 else 0

    @property
    def aisles(self) -> list[dict[str, Any]]:
        return [category for category in self.categories if category["parent_id"] is None]

    @property
    def here(self) -> str:
        """This page's address without its language and without a notice."""
        pairs = [pair for pair in parse_qsl(self.request.url.query) if pair[0] != "ok"]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def is_part(self) -> bool:
        """A script asks for a part of a page, not a person for all of it."""
        return self.request.headers.get("hx-request") == "true"

    def in_language(self, code: str) -> str:
        return Language(code).url(self.here)

    def english(self, path: str) -> str:
        return Language("en").url(path)

    def public(self, canonical: str, *, seen: str, object_id: str | None = None) -> None:
        """Search engines may show this page under this address; ``seen`` is its name in the statistics of visits."""
        self.is_public, self.canonical = True, canonical
        self._seen = (seen, object_id)

    def seen(self, name: str, object_id: str | None = None) -> None:
        """The page's name in the statistics of visits; search engines may not show it."""
        self._seen = (name, object_id)

    async def who(self) -> dict[str, Any] | None:
        """The signed-in account, None for visitors; asked once."""
        if not self._asked:
            self._asked = True
            if self.api.has_session:
                answer, news = await asyncio.gather(self.api.get("/v1/me"), self.api.get("/v1/notifications", limit=1))
                self.me = answer.body if answer.problem is None else None
                self.unread = news.body["unread"] if news.problem is None else 0
                if self.me is not None and GUEST_CART in self.api.cookies:
                    await self._take_guest_cart()
        return self.me

    @property
    def is_guest(self) -> bool:
        """They buy without a password: only this browser opens their orders."""
        return self.me is not None and "guest" in self.me["roles"]

    def entered(self, account: dict[str, Any]) -> None:
        """From here on this visitor is this account."""
        self.me, self._asked = account, True

    async def _take_guest_cart(self) -> None:
        """The API moves a guest's cart into the account's when it sees both; after that the guest's cookie has no use."""
        answer = await self.api.get("/v1/cart")
        if answer.problem is None:
            self.counts(answer.body)
            self._has_guest_cart_to_drop = True

    def counts(self, cart: Mapping[str, Any]) -> None:
        """Remember how many pieces are in the cart, for the header of the next pages."""
        pieces = sum(line["quantity"] for group in cart["sellers"] for line in group["lines"])
        self.choices["basket"] = str(pieces) if pieces else ""

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

    async def shelves(self) -> list[dict[str, Any]]:
        """All categories, from what is kept."""
        if not self.categories:
            found = await self.kept.get(self.api, "/v1/categories")
            self.categories = found["items"] if found else []
        return self.categories

    def value(self, name: str) -> str:
        """An id of the address, or a parameter of the query."""
        return str(self.request.path_params.get(name) or self.request.query_params.get(name, ""))

    async def form(self, *, files: int = 0) -> FormData:
        """``files``: how many pictures the form may bring."""
        return await self.request.form(max_files=files, max_fields=60)

    async def render(self, template: str, *, status: int = 200, **values: object) -> Response:
        """The template with what every page needs beside ``values``."""
        await asyncio.gather(self.who(), self.shelves())
        shared = {"page": self, "me": self.me, "told": self.request.query_params.get("ok", "")}
        html = self.renderer(template, self.language, {**shared, **values})
        response = self._packed(html, status)
        is_refresh = "halles-refresh" in self.request.headers
        if self._seen is not None and self.consent == "yes" and status == 200 and not is_refresh:
            response.background = await visits.count(self.api, self.choices, *self._seen)
        return self.finish(response)

    def part(self, template: str, **values: object) -> Response:
        """A piece of a page for a script that asked for it."""
        shared = {"page": self, "me": self.me}
        return self.finish(self._packed(self.renderer(template, self.language, {**shared, **values}), 200))

    def _packed(self, html: str, status: int) -> Response:
        if "gzip" not in self.request.headers.get("accept-encoding", ""):
            return HTMLResponse(html, status)
        content = gzip.compress(html.encode(), 4)
        return HTMLResponse(content, status, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})

    def go(self, path: str, *, ok: str = "") -> Response:
        """On to another page (303), with a notice by its code."""
        joint = "&" if "?" in path else "?"
        target = self.language.url(path) + (f"{joint}ok={quote(ok)}" if ok else "")
        return self.finish(RedirectResponse(target, 303))

    def finish(self, response: Response) -> Response:
        """With the cookies that the API set for this visitor."""
        for cookie in self.api.set_cookies:
            response.headers.append("set-cookie", cookie)
        self.choices.write(response)
        if self._has_guest_cart_to_drop:
            response.delete_cookie(GUEST_CART, path="/", secure=True, httponly=True, samesite="lax")
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

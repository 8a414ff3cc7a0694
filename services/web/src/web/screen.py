"""From a request to a page: builds the visitor's page, runs its view, and turns refusals into pages people understand."""

from urllib.parse import quote

import aiohttp
import structlog
from starlette.requests import Request
from starlette.responses import Response

from web import visits
from web.api import COOKIES, SESSION, Api, Problem, Refused
from web.choices import Choices
from web.kept import Kept
from web.languages import Language
from web.page import Page, Renderer, SignInNeeded, View
from web.visitors import Visitors

log = structlog.get_logger()


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


_HEADINGS = {
    404: _("Not found"),
    403: _("Not allowed"),
    429: _("A little slower, please"),
    503: _("One moment, please"),
}
_OTHER_HEADING = _("This did not work")
_OK, _AWAY = 200, 500
_LOST = ("unauthenticated", "session-expired")


class Screens:
    """What all pages share: the connection to the API, the templates, who visits."""

    def __init__(self, base_url: str, *, renderer: Renderer, visitors: Visitors, seconds: float, site_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._site_url = site_url.rstrip("/")
        self._renderer = renderer
        self._visitors = visitors
        self._seconds = seconds
        self._kept = Kept()
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        connector = aiohttp.TCPConnector(limit=128, keepalive_timeout=15)
        self._http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def show(self, request: Request, view: View) -> Response:
        """The view's page, or the page that says why not."""
        page = self.page(request)
        try:
            return await view(page)
        except SignInNeeded:
            return _to_sign_in(page)
        except Refused as error:
            if error.problem.code in _LOST and page.api.has_session:
                return _to_sign_in(page)
            return await self.trouble(page, error.problem)
        except Exception as error:
            log.error("page.crashed", exc_info=error, path=page.path)
            return await self.trouble(page, Problem(500, "internal-error", "", ""))
        finally:
            await request.close()

    async def picture(self, request: Request) -> Response:
        """A picture under our own origin, as the API serves it: its address names its content, so it is kept for ever."""
        if self._http is None:
            raise RuntimeError("the site is not open")
        address = self._base_url + quote(request.url.path)
        timeout = aiohttp.ClientTimeout(total=self._seconds, connect=2)
        try:
            async with self._http.get(address, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != _OK:
                    return Response(status_code=404 if answer.status < _AWAY else 503)
                headers = {"Cache-Control": answer.headers["Cache-Control"]}
                return Response(await answer.read(), headers=headers, media_type=answer.content_type)
        except (aiohttp.ClientError, TimeoutError):
            return Response(status_code=503, headers={"Retry-After": "2"})

    async def missing(self, request: Request) -> Response:
        return await self.trouble(self.page(request), Problem(404, "not-found", "", ""))

    async def trouble(self, page: Page, problem: Problem) -> Response:
        """A page in the reader's language with a sentence for the problem's code."""
        heading = page.language.say(_HEADINGS.get(problem.status, _OTHER_HEADING))
        return await page.render("errors/problem.html", status=problem.status, problem=problem, heading=heading)

    def page(self, request: Request) -> Page:
        if self._http is None:
            raise RuntimeError("the site is not open")
        language: Language = request.scope["web.language"]
        choices = Choices(request.cookies)
        api = Api(
            http=self._http,
            base_url=self._base_url,
            cookies={name: value for name in COOKIES if (value := request.cookies.get(name))},
            headers=self._visitors.headers(request) | {"Accept-Language": language.code} | visits.header(choices),
            seconds=self._seconds,
        )
        return Page(
            request=request,
            api=api,
            language=language,
            renderer=self._renderer,
            path=request.scope["path"],
            site_url=self._site_url,
            kept=self._kept,
            choices=choices,
        )


def _to_sign_in(page: Page) -> Response:
    """Back to where they were afterwards, when that can be shown again."""
    target = page.path if page.request.method == "GET" else "/"
    response = page.go(f"/sign-in?next={quote(target)}")
    if page.api.has_session:
        response.delete_cookie(SESSION, path="/", secure=True, httponly=True, samesite="lax")
    return response

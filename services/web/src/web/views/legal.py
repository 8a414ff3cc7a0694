"""Legal pages. Their texts are long and written once per language, so each language has its own template."""

from starlette.responses import Response

from web.api import Problem, Refused
from web.page import Page

_PAGES = ("notice", "terms", "privacy", "ranking")


async def show(page: Page) -> Response:
    """One of the four; everything else is not found."""
    name = page.value("page")
    if name not in _PAGES:
        raise Refused(Problem(404, "not-found", "", ""))
    page.public(f"/legal/{name}", seen="legal", object_id=name)
    return await page.render("legal/page.html", name=name, text=f"legal/{name}.{page.language.code}.html")


async def offline(page: Page) -> Response:
    """What a browser keeps for the time without a connection. The same for everybody."""
    return await page.render("errors/offline.html")

"""What a visitor chooses about the site itself: light or dark, grid, list or map, counted or not."""

from starlette.responses import Response

from web.choices import CONSENTS, THEMES, VIEWS
from web.page import Page, safe_next

_KNOWN = {"theme": THEMES, "view": VIEWS, "consent": CONSENTS}


async def choose(page: Page) -> Response:
    """Keep the choices that the form names. ``consent=ask`` takes an answer back: the question comes again."""
    form = await page.form()
    for name, known in _KNOWN.items():
        if (value := str(form.get(name, ""))) in known:
            page.choices[name] = value
    if form.get("consent") in ("ask", "no"):
        page.choices["visit"] = ""
    if form.get("consent") == "ask":
        page.choices["consent"] = ""
    if page.is_part:
        return page.finish(Response(status_code=200))
    return page.go(safe_next(str(form.get("next", "/"))))

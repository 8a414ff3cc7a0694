"""Pages in French and English, rendered from a stand-in's own templates."""

from importlib.resources import files
from typing import Any

import jinja2
import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

LANGUAGES = ("fr", "en")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self';"
    " base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Pages:
    """Renders the templates of one package with its texts (`texts.json`: language -> name -> text)."""

    def __init__(self, package: str) -> None:
        loaders = [jinja2.PackageLoader(package), jinja2.PackageLoader("standins.pages")]
        self._templates = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters["money"] = _money
        self._texts: dict[str, dict[str, str]] = orjson.loads(files(package).joinpath("texts.json").read_bytes())

    def page(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """Render one page in the language of the request."""
        language = choose_language(request)
        html = self._templates.get_template(template).render(
            t=self._texts[language], lang=language, other=_other(language), path=request.url.path, **context
        )
        return HTMLResponse(html, status_code=status, headers=_HEADERS | {"Content-Language": language})

    def text(self, request: Request, name: str) -> str:
        """Return one text in the language of the request."""
        return self._texts[choose_language(request)][name]


async def stylesheet(_: Request) -> Response:
    """Serve the one style sheet."""
    content = files("standins.pages").joinpath("standin.css").read_bytes()
    return Response(content, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def choose_language(request: Request) -> str:
    """Return `?lang=`, else the browser's first known language, else French."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    accepted = (
        part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")
    )
    return next((language for language in accepted if language in LANGUAGES), LANGUAGES[0])


def _other(language: str) -> str:
    return "en" if language == "fr" else "fr"


def _money(amount: int, currency: str) -> str:
    """Show minor units of a two-decimal currency."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d} {currency.upper()}".replace(",", "\u202f")

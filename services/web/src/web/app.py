"""The only wiring of the site."""

import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from web.addresses import ADDRESSES, DESIGN
from web.assets import served
from web.edge import Edge
from web.page import View
from web.screen import Screens
from web.settings import Settings
from web.templating import Templates
from web.visitors import Visitors

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def build(settings: Settings) -> ASGIApp:
    """The site as one ASGI app; its connection to the API opens and closes with it."""
    screens = Screens(
        settings.gateway_url,
        renderer=Templates(settings.site_url),
        visitors=Visitors(settings.trusted_proxies),
        seconds=settings.api_seconds,
        site_url=settings.site_url,
    )

    @contextlib.asynccontextmanager
    async def opened(_: Starlette) -> AsyncIterator[None]:
        await screens.open()
        yield
        await screens.close()

    async def missing(request: Request, _: Exception) -> Response:
        return await screens.missing(request)

    addresses = ADDRESSES if settings.environment == "production" else (*ADDRESSES, *DESIGN)
    routes = [Route(path, _endpoint(screens, view), methods=[method]) for method, path, view in addresses]
    technical = [Route(path, _alive) for path in ("/livez", "/readyz", "/startupz")]
    static = Route("/static/{mark}/{name:path}", _static)
    media = Route("/media/{digest}/{file}", screens.picture, methods=["GET"])
    app = Starlette(
        routes=[*routes, static, media, *technical], lifespan=opened, exception_handlers={404: missing, 405: missing}
    )
    app.router.redirect_slashes = False
    return Edge(app)


def _endpoint(screens: Screens, view: View) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await screens.show(request, view)

    return endpoint


async def _alive(_: Request) -> Response:
    """The site keeps nothing and needs nobody to be alive: without the API it shows a page that says so."""
    return JSONResponse({"ready": True, "problems": []})


async def _static(request: Request) -> Response:
    if (asset := served(request.url.path)) is None:
        return Response(status_code=404)
    headers = dict(_FOR_EVER)
    content = asset.content
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = asset.packed, "gzip"
    return Response(content, headers=headers, media_type=asset.media_type)

"""The Starlette application of the pages and the control API."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from standins.outbound.queue import DeliveryQueue
from standins.pages.rendering import Pages, stylesheet
from standins.stripe.control.routes import Control
from standins.stripe.pages.dashboard import Dashboard
from standins.stripe.pages.onboarding import Onboarding
from standins.stripe.pages.three_d_secure import ThreeDSecure
from standins.stripe.unit import World


def pages_app(world: World, *, control: Control, queue: DeliveryQueue) -> Starlette:
    """Build the application."""
    pages = Pages("standins.stripe.pages")
    dashboard = Dashboard(world, pages, queue=queue)
    challenge, onboarding = ThreeDSecure(world, pages), Onboarding(world, pages)
    return Starlette(
        routes=[
            Route("/", dashboard.show),
            Route("/accounts/{id}", dashboard.show_account),
            Route("/3ds/{id}", challenge.show),
            Route("/3ds/{id}", challenge.choose, methods=["POST"]),
            Route("/onboarding/{token}", onboarding.show),
            Route("/onboarding/{token}", onboarding.choose, methods=["POST"]),
            Route("/static/standin.css", stylesheet),
            Route("/readyz", _ready),
            Mount("/_control", routes=control.routes()),
        ]
    )


async def _ready(_: Request) -> Response:
    return JSONResponse({"status": "ready", "standin": "stripe"})

"""The event stream at a glance: services, what waits in them, how far consumers are, what was set aside."""

import asyncio

from starlette.responses import Response

from web.page import Page


async def show(page: Page) -> Response:
    await page.operator()
    health, pipeline = await asyncio.gather(page.api.get("/v1/health"), page.api.get("/v1/operator/pipeline"))
    found = pipeline.need()
    return await page.render(
        "operator/pipeline.html",
        states=health.body["services"] if health.problem is None else {},
        pipeline=found,
        is_calm=all(not one["lag"] and not one["dead_letters"] for one in found["consumers"])
        and all(state and not state["parked"] for state in found["services"].values()),
    )

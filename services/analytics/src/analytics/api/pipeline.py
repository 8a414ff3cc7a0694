"""The state of the event stream, for operators."""

from typing import Annotated

from fastapi import APIRouter

from analytics.api.schemas import ConsumerFigures, Pipeline
from analytics.ports import AskBroker
from edge.auth import Principal, allow
from edge.errors import Unavailable


def router(ask_broker: AskBroker) -> APIRouter:
    routes = APIRouter(prefix="/v1/operator", tags=["pipeline"])

    @routes.get("/pipeline")
    async def pipeline(_: Annotated[Principal, allow("admin", "support")]) -> Pipeline:
        """How far each consumer is behind and what it set aside."""
        try:
            figures = await ask_broker()
        except ConnectionError as error:
            raise Unavailable("The broker does not answer.") from error
        return Pipeline(
            consumers=[ConsumerFigures(group=one.group, lag=one.lag, dead_letters=one.dead_letters) for one in figures]
        )

    return routes

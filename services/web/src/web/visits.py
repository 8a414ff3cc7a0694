"""Statistics of visits, only for visitors who agreed: which page was opened, told to the API after the page was sent."""

import re

from starlette.background import BackgroundTask

from web.api import Api
from web.choices import Choices

_VISIT = re.compile(r"^vis_[0-9a-f]{32}$")


def header(choices: Choices) -> dict[str, str]:
    """With it the API counts this visitor's searches."""
    return {"Halles-Visit": choices["visit"]} if choices["consent"] == "yes" and _VISIT.match(choices["visit"]) else {}


async def count(api: Api, choices: Choices, seen: str, object_id: str | None) -> BackgroundTask | None:
    """Tell of one opened page. A visit begins with its first page, whose answer gives its id; half an hour of rest ends it."""
    told = {"page": seen, "consent": True} | ({"object_id": object_id} if object_id else {})
    if _VISIT.match(choices["visit"]):
        choices["visit"] = choices["visit"]
        return BackgroundTask(api.send, "POST", "/v1/activity", {**told, "visit_id": choices["visit"]})
    answer = await api.send("POST", "/v1/activity", told)
    if answer.problem is None:
        choices["visit"] = str(answer.body["visit_id"])
    return None

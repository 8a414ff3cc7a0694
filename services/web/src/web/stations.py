"""A parcel's way in four stations, out of what logistics tells."""

from collections.abc import Mapping
from typing import Any

from web.languages import Language
from web.words import word

_STATIONS = ("preparing", "shipped", "in_transit", "delivered")
_AT = {"preparing": 0, "shipped": 1, "picked_up": 1, "in_transit": 2, "out_for_delivery": 2, "delivered": 3}


def way_of(shipment: Mapping[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """Text, kind (``done``, ``now``, ``bad`` or nothing) and day of each station."""
    status = str(shipment["status"])
    at = 2 if status == "lost" else _AT.get(status, 0)
    days = {_AT.get(step["status"], -1): step["occurred_at"] for step in reversed(shipment.get("timeline") or [])}
    stations = []
    for place, name in enumerate(_STATIONS):
        is_here = place == at
        kind = "done" if place < at or status == "delivered" else ""
        if is_here and status != "delivered":
            kind = "bad" if status == "lost" else "now"
        said = word("shipment", "lost" if is_here and status == "lost" else name, language)
        stations.append((said, kind, language.short_day(days[place]) if place in days and place <= at else ""))
    return stations

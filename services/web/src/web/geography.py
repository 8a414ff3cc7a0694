"""A map of France without tiles: our own rough outline and where a town lies on it."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from math import sqrt

from markupsafe import Markup

_WEST, _NORTH = -5.2, 51.35
_PER_LONGITUDE, _PER_LATITUDE = 26.8, 38.6
_MAINLAND = (
    (2.54, 51.09), (3.1, 50.75), (3.65, 50.32), (4.2, 50.0), (4.85, 50.13), (5.0, 49.8), (5.8, 49.53), (6.36, 49.46),
    (7.4, 49.18), (8.2, 48.96), (7.78, 48.3), (7.58, 47.6), (6.95, 47.35), (6.2, 46.6), (6.1, 46.2), (6.8, 46.4),
    (7.04, 45.9), (7.1, 45.2), (6.65, 44.95), (7.0, 44.25), (7.65, 44.15), (7.5, 43.78), (6.95, 43.5), (6.6, 43.2),
    (6.1, 43.05), (5.4, 43.25), (4.8, 43.38), (4.05, 43.5), (3.2, 43.2), (3.05, 42.55), (3.15, 42.43), (2.2, 42.4),
    (1.45, 42.6), (0.7, 42.8), (-0.6, 42.8), (-1.4, 43.05), (-1.78, 43.37), (-1.45, 43.65), (-1.25, 44.6), (-1.2, 45.5),
    (-0.75, 45.3), (-1.1, 45.9), (-1.2, 46.25), (-1.9, 46.7), (-2.15, 47.15), (-2.5, 47.35), (-3.0, 47.6), (-3.9, 47.8),
    (-4.35, 47.82), (-4.7, 48.05), (-4.3, 48.3), (-4.75, 48.4), (-4.55, 48.65), (-3.6, 48.72), (-3.1, 48.85),
    (-2.6, 48.55), (-2.0, 48.67), (-1.5, 48.63), (-1.6, 49.2), (-1.9, 49.7), (-1.25, 49.65), (-1.1, 49.35), (0.1, 49.3),
    (0.15, 49.65), (1.1, 49.95), (1.6, 50.4), (1.6, 50.85),
)  # fmt: skip
_CORSICA = (
    (9.4, 43.0), (9.5, 42.6), (9.55, 42.1), (9.35, 41.6), (9.2, 41.4), (8.8, 41.6), (8.6, 42.1), (8.6, 42.4), (9.1, 42.7),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


def on_map(latitude: str | int | None, longitude: str | int | None) -> Point | None:
    """Where a place lies on the drawing; None outside of it. Whole numbers are millionths of a degree."""
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None or not (41 < north < 51.4 and -5.3 < east < 9.9):
        return None
    return _point(east, north)


def place_size(count: int) -> float:
    """Radius of a dot that stands for so many products: its area grows with them, within what can be touched and told apart."""
    return round(min(16.0, 5.0 + 1.6 * sqrt(count)), 1)


@cache
def france() -> Markup:
    """The outline as SVG paths."""
    return Markup("").join(Markup('<path class="land" d="{}"/>').format(_path(land)) for land in (_MAINLAND, _CORSICA))


def _path(land: tuple[tuple[float, float], ...]) -> str:
    points = [_point(east, north) for east, north in land]
    return "M" + "L".join(f"{point.x} {point.y}" for point in points) + "Z"


def _point(east: float, north: float) -> Point:
    return Point(round((east - _WEST) * _PER_LONGITUDE, 1), round((_NORTH - north) * _PER_LATITUDE, 1))


def _degrees(value: str | int | None) -> float | None:
    if value is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return float(number / 1_000_000) if isinstance(value, int) else float(number)

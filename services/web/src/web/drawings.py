"""Geometry of charts: numbers in, coordinates out. The drawing itself is ``design/chart.html``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH, _HEIGHT, _BELOW, _ABOVE = 720, 220, 24, 6
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Column:
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``before`` is the same day of the time before, when there is one to compare."""

    label: str
    text: str
    x: float
    y: float
    width: float
    height: float
    before: Column | None
    is_named: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Bars:
    width: int
    height: int
    bars: list[Bar]
    grid: list[float]


def drawn_bars(points: Sequence[Sequence[Any]]) -> Bars:
    """``(label, value, text[, value before, text before])``; values are not negative. The tallest bar fills the height."""
    tallest = max([float(value) for point in points for value in (point[1], *point[3:4])], default=0) or 1.0
    floor = _HEIGHT - _BELOW
    room = (_WIDTH / len(points)) if points else _WIDTH
    width = round(min(room * 0.64, 56), 1)
    every = -(-len(points) // _MOST_NAMES) or 1

    def column(value: Any) -> Column:
        height = round(float(value) / tallest * (floor - _ABOVE), 1)
        return Column(round(floor - height, 1), height)

    bars = [
        Bar(
            label=str(point[0]),
            text=str(point[2]),
            x=round(room * at + (room - width) / 2, 1),
            y=column(point[1]).y,
            width=width,
            height=column(point[1]).height,
            before=column(point[3]) if len(point) > 3 else None,
            is_named=at % every == 0,
        )
        for at, point in enumerate(points)
    ]
    grid = [round(floor - share * (floor - _ABOVE), 1) for share in (0, 0.5, 1)]
    return Bars(_WIDTH, _HEIGHT, bars, grid)


def drawn_line(values: Sequence[float], width: int, height: int) -> str:
    """Points of a polyline that fills a box; a single value is a flat line."""
    shown = list(values) if len(values) > 1 else [*values, *values]
    lowest, highest = min(shown, default=0), max(shown, default=0)
    span = (highest - lowest) or 1
    step = width / max(1, len(shown) - 1)
    return " ".join(
        f"{at * step:.1f},{height - (value - lowest) / span * height:.1f}" for at, value in enumerate(shown)
    )

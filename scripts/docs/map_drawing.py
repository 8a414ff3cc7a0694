"""Draws who tells whom as an SVG, from the topic files: one thread per producer and consumer, as thick as it has kinds of events."""

import math
import sys
from collections import Counter
from pathlib import Path

from contracts.topics import load

TARGET = Path(__file__).parents[2] / "docs/pictures/map.svg"
ROUND = ("order", "payment", "logistics", "messaging", "analytics", "review", "gateway", "catalog", "identity")
"""Services in their places on the circle, clockwise from the top; neighbours have much to tell each other."""
COLOURS = {
    "order": "#23419b",
    "payment": "#2c653b",
    "catalog": "#8f5a00",
    "identity": "#a1261d",
    "logistics": "#5b4a8a",
    "review": "#0f6a73",
    "gateway": "#5f5648",
}
_WIDTH, _HEIGHT, _MIDDLE, _REACH = 960, 640, (480, 330), (330, 240)
_STYLE = (
    "text{font:600 17px Georgia,serif;fill:#221e18}.small{font:400 12.5px system-ui,sans-serif;fill:#5f5648}"
    ".box{fill:#fffcf6;stroke:#857a66}path{fill:none;stroke-opacity:.72}"
)


def main() -> int:
    """Write the drawing; with ``--check`` say 1 when the kept one is another."""
    drawing = draw()
    if "--check" in sys.argv:
        is_fresh = TARGET.exists() and TARGET.read_text() == drawing
        print("map: fresh" if is_fresh else "map: docs/pictures/map.svg is out of date, run `make docs`")
        return 0 if is_fresh else 1
    TARGET.write_text(drawing)
    return 0


def threads() -> dict[tuple[str, str], int]:
    """Kinds of events and commands by producing and consuming service."""
    found: Counter[tuple[str, str]] = Counter()
    for topic in load():
        consumers = {group.partition(".")[0] for group in topic.consumers}
        for producer in topic.producers:
            for consumer in consumers - {producer}:
                found[producer, consumer] += len(topic.types)
    return dict(sorted(found.items()))


def draw() -> str:
    told = threads()
    parts = [_thread(*pair, count) for pair, count in sorted(told.items(), key=lambda item: -item[1])]
    parts += [_box(name, sum(len(topic.types) for topic in load() if name in topic.producers)) for name in ROUND]
    markers = "".join(
        f'<marker id="to-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" '
        f'orient="auto"><path d="M0 0L8 4L0 8z" style="fill:{colour};stroke:none;fill-opacity:.9"/></marker>'
        for name, colour in COLOURS.items()
    )
    title = "Which service tells which: threads run from the producer to the consumer, thicker for more kinds of events"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">\n'
        f"<style>{_STYLE}</style><defs>{markers}</defs>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="#f6f1e6"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _place(name: str) -> tuple[float, float]:
    angle = 2 * math.pi * ROUND.index(name) / len(ROUND) - math.pi / 2
    return _MIDDLE[0] + _REACH[0] * math.cos(angle), _MIDDLE[1] + _REACH[1] * math.sin(angle)


def _thread(producer: str, consumer: str, count: int) -> str:
    """A curve pulled towards the middle; it ends at the edge of the consumer's box."""
    (x1, y1), (x2, y2) = _place(producer), _place(consumer)
    pull_x, pull_y = (_MIDDLE[0] + (x1 + x2) / 4) / 1.5, (_MIDDLE[1] + (y1 + y2) / 4) / 1.5
    end_x, end_y = _edge((x2, y2), (pull_x, pull_y))
    return (
        f'<path d="M{x1:.1f} {y1:.1f}Q{pull_x:.1f} {pull_y:.1f} {end_x:.1f} {end_y:.1f}" stroke="{COLOURS[producer]}" '
        f'stroke-width="{1 + count * 0.32:.1f}" marker-end="url(#to-{producer})"><title>{producer} to {consumer}: {count}</title></path>'
    )


def _edge(box: tuple[float, float], seen_from: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a point enters a box of 128 by 52 around its centre."""
    dx, dy = seen_from[0] - box[0], seen_from[1] - box[1]
    scale = min(66 / abs(dx) if dx else math.inf, 28 / abs(dy) if dy else math.inf)
    return box[0] + dx * scale, box[1] + dy * scale


def _box(name: str, kinds: int) -> str:
    x, y = _place(name)
    told = f"{kinds} kinds of events" if kinds else "tells nobody"
    return (
        f'<g><rect class="box" x="{x - 64:.1f}" y="{y - 26:.1f}" width="128" height="52" rx="4"/>'
        f'<rect x="{x - 64:.1f}" y="{y - 26:.1f}" width="128" height="4" fill="{COLOURS.get(name, "#857a66")}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{name}</text>'
        f'<text class="small" x="{x:.1f}" y="{y + 19:.1f}" text-anchor="middle">{told}</text></g>'
    )


if __name__ == "__main__":
    sys.exit(main())

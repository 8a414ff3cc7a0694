"""Shapes with light on them, as SVG. All motifs stand on the origin: x to the right, y upwards is negative."""

import random
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass, field


def mixed(one: str, other: str, part: float) -> str:
    """``part`` of ``other`` in ``one``; colours are ``#rrggbb``."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def lighter(colour: str, by: float) -> str:
    """The same hue, lighter (or darker with a negative ``by``, -1 to 1)."""
    red, green, blue = (channel / 255 for channel in _channels(colour))
    hue, light, depth = rgb_to_hls(red, green, blue)
    light = light + (1 - light) * by if by > 0 else light * (1 + by)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, light, depth))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@dataclass
class Pen:
    """One picture's definitions and its dice. Everything drawn with the same seed is the same."""

    seed: str
    defs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self._count = 0

    def name(self) -> str:
        self._count += 1
        return f"d{self._count}"

    def around(self, value: float, spread: float) -> float:
        return round(value + self.dice.uniform(-spread, spread), 1)

    def across(self, left: str, right: str, *, down: bool = False, middle: str | None = None) -> str:
        """A gradient over a shape, as a paint."""
        name = self.name()
        end = 'x2="0" y2="1"' if down else 'x2="1" y2="0"'
        centre = f'<stop offset=".42" stop-color="{middle}"/>' if middle else ""
        self.defs.append(
            f'<linearGradient id="{name}" x1="0" y1="0" {end}><stop offset="0" stop-color="{left}"/>{centre}'
            f'<stop offset="1" stop-color="{right}"/></linearGradient>'
        )
        return f"url(#{name})"

    def glow(self, colour: str, *, opacity: float = 1.0) -> str:
        """Round and fading, as a paint."""
        name = self.name()
        self.defs.append(
            f'<radialGradient id="{name}" cx=".5" cy=".5" r=".5"><stop offset="0" stop-color="{colour}" stop-opacity="{opacity}"/>'
            f'<stop offset=".55" stop-color="{colour}" stop-opacity="{opacity * 0.45:.2f}"/>'
            f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
        )
        return f"url(#{name})"

    def clip(self, path: str) -> str:
        name = self.name()
        self.defs.append(f'<clipPath id="{name}"><path d="{path}"/></clipPath>')
        return name

    def solid(self, path: str, colour: str, *, inside: str = "", round_: float = 0.5) -> str:
        """A body: lit from the left, darker on the right; ``inside`` is drawn on it and cut at its edge."""
        paint = self.across(lighter(colour, 0.14), lighter(colour, -0.22 * round_ - 0.06), middle=colour)
        clip = self.clip(path)
        return f'<path d="{path}" fill="{paint}"/><g clip-path="url(#{clip})">{inside}</g>'

    def shadow(self, width: float, *, depth: float = 34, x: float = 18, y: float = 4, opacity: float = 0.34) -> str:
        """What a thing of this half width throws on the table."""
        soft = self.glow("#2a1a10", opacity=opacity)
        long = self.glow("#2a1a10", opacity=opacity * 0.55)
        return ellipse(x + width * 0.55, y + 6, width * 1.75, depth * 1.1, long) + ellipse(
            x * 0.5, y, width * 1.25, depth * 0.75, soft
        )


def at(x: float, y: float, drawing: str, *, scale: float = 1.0, turn: float = 0.0) -> str:
    """A drawing somewhere else, larger or smaller, turned."""
    turned = f" rotate({turn:g})" if turn else ""
    sized = f" scale({scale:g})" if scale != 1 else ""
    return f'<g transform="translate({x:g} {y:g}){turned}{sized}">{drawing}</g>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, *, opacity: float = 1) -> str:
    """As a path: the renderer knows no bounding box of an ellipse, so gradients would be black on it."""
    arcs = f"M{x - rx:g} {y:g}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0z"
    return path(arcs, fill, opacity=opacity)


def path(d: str, fill: str, *, opacity: float = 1) -> str:
    dim = f' opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{dim}/>'


def line(d: str, colour: str, width: float, *, opacity: float = 1) -> str:
    dim = f' opacity="{opacity:g}"' if opacity < 1 else ""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"'
        f' stroke-linejoin="round"{dim}/>'
    )


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """The path of a box with round corners; ``y`` is its top."""
    r = min(radius, width / 2, height / 2)
    return (
        f"M{x + r:g} {y:g}h{width - 2 * r:g}q{r:g} 0 {r:g} {r:g}v{height - 2 * r:g}q0 {r:g} {-r:g} {r:g}"
        f"h{-(width - 2 * r):g}q{-r:g} 0 {-r:g} {-r:g}v{-(height - 2 * r):g}q0 {-r:g} {r:g} {-r:g}z"
    )

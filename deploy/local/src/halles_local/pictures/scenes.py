"""Where things stand: three views of each, in the light of one room."""

from collections.abc import Callable
from dataclasses import replace

from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.gallery import MOTIFS
from halles_local.pictures.pen import Pen, at, ellipse, lighter, line, mixed, path
from halles_local.pictures.things import Thing

SIDE = 960
PAPER = "#f6eddc"
_LOW = frozenset({"plate", "saucisson", "cake", "loaf", "knife", "belt", "cheese", "biscuits", "bowl"})
"""Things that lie rather than stand: close by, they are shown whole."""
WALLS = ("#ead9bf", "#dfe0cf", "#e9d2c3", "#d5dcdb", "#efe0c0", "#e2d5d6")
TABLES = ("#c99f74", "#b98863", "#d8bd97", "#a9825f", "#cbb392", "#bfa08d")


def _svg(pen: Pen, drawing: str, width: int = SIDE, height: int = SIDE) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><defs>{"".join(pen.defs)}</defs>{drawing}</svg>'


def _room(pen: Pen, thing: Thing, horizon: float) -> str:
    """Wall and table top, tinted by what stands on it."""
    wall = mixed(pen.dice.choice(WALLS), lighter(thing.accent, 0.62), 0.34)
    wood = mixed(pen.dice.choice(TABLES), lighter(thing.accent, 0.3), 0.14)
    lit = path(f"M0 0H960V{horizon}H0z", pen.across(lighter(wall, 0.3), lighter(wall, -0.09), middle=wall))
    top = path(f"M0 {horizon}H960V960H0z", pen.across(lighter(wood, 0.16), lighter(wood, -0.16), down=True))
    planks = "".join(
        line(
            f"M{pen.around(0, 40)} {horizon + 26 + 52 * i}Q480 {horizon + 26 + 52 * i + pen.around(0, 12)} 960 {horizon + 30 + 52 * i}",
            lighter(wood, -0.2),
            2.5,
            opacity=0.22,
        )
        for i in range(7)
    )
    edge = path(f"M0 {horizon}H960V{horizon + 9}H0z", lighter(wood, 0.38), opacity=0.6)
    return lit + top + planks + edge


def _arch(pen: Pen, thing: Thing) -> str:
    tone = lighter(thing.accent, 0.5)
    x = pen.around(480, 26)
    return path(f"M{x - 260} 700V400A260 260 0 0 1 {x + 260} 400V700z", mixed(tone, PAPER, 0.5), opacity=0.62)


def _window(pen: Pen) -> str:
    """Light that falls in through panes."""
    x = pen.around(120, 60)
    return "".join(
        path(f"M{x + 150 * i} {90 + 190 * j}l118 -26v160l-118 26z", "#fff6dd", opacity=0.42)
        for i in range(3)
        for j in range(3)
    )


def _sprig(pen: Pen, x: float, y: float, turn: float, *, scale: float = 1.0) -> str:
    green = pen.dice.choice(("#7b8a5a", "#8d9a6c", "#6c7f66", "#a39a62"))
    blade = "M0 0C16 -16 50 -18 66 -6C50 14 20 16 0 0z"
    leaves = "".join(
        at(
            0,
            -26 * i,
            f'<g transform="scale({side} 1) rotate(-28)">{path(blade, lighter(green, 0.16 if side > 0 else -0.12))}</g>',
        )
        for i in range(1, 7)
        for side in (1, -1)
    )
    shade = at(12, 14, line("M0 0Q8 -90 0 -186", "#2a1a10", 12, opacity=0.1))
    return at(x, y, shade + line("M0 20Q8 -90 0 -190", lighter(green, -0.3), 5) + leaves, turn=turn, scale=scale)


def _cloth(pen: Pen, thing: Thing, x: float, y: float) -> str:
    tone = lighter(thing.accent, 0.66)
    checks = "".join(
        line(f"M-300 {k}L300 {k - 34}", lighter(thing.accent, 0.3), 8, opacity=0.35) for k in range(-40, 110, 42)
    ) + "".join(
        line(f"M{k} -70L{k + 46} 120", lighter(thing.accent, 0.3), 8, opacity=0.35) for k in range(-260, 280, 66)
    )
    shape = "M-290 -20L200 -66L310 56Q180 96 60 84T-250 112Q-296 50 -290 -20z"
    return at(x, y, at(8, 14, path(shape, "#2a1a10", opacity=0.14)) + pen.solid(shape, tone, inside=checks, round_=0.2))


def _bits(pen: Pen, thing: Thing, y: float) -> str:
    """Small things that lie about: berries and petals in the product's own colours."""
    found = ""
    for _ in range(pen.dice.randint(5, 9)):
        x, depth, r = pen.dice.uniform(90, 880), pen.around(y, 46), pen.around(13, 4)
        colour = pen.dice.choice((thing.colour, thing.accent, lighter(thing.accent, 0.3)))
        found += at(
            x,
            depth,
            ellipse(7, 6, r * 1.2, r * 0.6, "#2a1a10", opacity=0.18)
            + ellipse(0, 0, r, r * 0.92, pen.across(lighter(colour, 0.25), lighter(colour, -0.2)))
            + ellipse(-r * 0.3, -r * 0.35, r * 0.25, r * 0.2, "#ffffff", opacity=0.5),
        )
    return found


def front(thing: Thing, seed: str) -> str:
    """The thing itself, large, before an arch of its own colour."""
    pen = Pen(f"{seed}-front")
    horizon = pen.around(660, 24)
    side = pen.dice.choice((-1, 1))
    things = at(pen.around(472, 12), 826, MOTIFS[thing.motif](pen, thing), scale=1.56)
    sprig = _sprig(pen, 480 + side * 384, 880, side * pen.around(24, 8), scale=1.15)
    return _svg(pen, _room(pen, thing, horizon) + _arch(pen, thing) + sprig + things)


def scene(thing: Thing, seed: str) -> str:
    """At home: window light, a cloth, and a second one behind."""
    pen = Pen(f"{seed}-scene")
    horizon = pen.around(560, 30)
    side = pen.dice.choice((-1, 1))
    other = replace(thing, variant=thing.variant + 2, colour=lighter(thing.colour, 0.12))
    back = at(480 + side * 210, horizon + 130, MOTIFS[thing.motif](pen, other), scale=0.74)
    main = at(480 - side * 130, 830, MOTIFS[thing.motif](pen, thing), scale=1.06)
    cloth = _cloth(pen, thing, 480 - side * 90, 800)
    sprig = _sprig(pen, 480 + side * 330, 900, side * 64, scale=1.1)
    return _svg(pen, _room(pen, thing, horizon) + _window(pen) + back + cloth + main + sprig + _bits(pen, thing, 890))


def detail(thing: Thing, seed: str) -> str:
    """Close by, on a ground printed with the shop's sign."""
    pen = Pen(f"{seed}-detail")
    ground = mixed(lighter(thing.accent, 0.62), PAPER, 0.35)
    ink = lighter(ground, -0.13)
    print_ = "".join(
        at(
            60 + 150 * i + (75 if j % 2 else 0),
            60 + 130 * j,
            EMBLEMS[thing.sign](ink, lighter(ground, -0.06)),
            scale=0.62,
        )
        for j in range(8)
        for i in range(-1, 7)
    )
    base = path("M0 0H960V960H0z", pen.across(lighter(ground, 0.25), lighter(ground, -0.05)))
    table = path("M0 800Q480 760 960 800V960H0z", pen.across(lighter(ground, -0.2), lighter(ground, -0.32)))
    spot = ellipse(430, 420, 520, 520, pen.glow("#fffaf0", opacity=0.75))
    foot = 830 if thing.motif in _LOW else 1000
    close = at(pen.around(500, 40), foot, MOTIFS[thing.motif](pen, thing), scale=1.95)
    return _svg(pen, base + print_ + spot + table + close)


SCENES: dict[str, Callable[[Thing, str], str]] = {"front": front, "scene": scene, "detail": detail}


def logo(sign: str, ink: str, ground: str) -> str:
    """A round seal, 480 wide."""
    pen = Pen(sign)
    tone = lighter(ground, -0.1)
    ring = f'<circle cx="240" cy="240" r="196" fill="none" stroke="{ink}" stroke-width="6"/><circle cx="240" cy="240" r="182" fill="none" stroke="{ink}" stroke-width="2.5" stroke-dasharray="2 9" stroke-linecap="round"/>'
    seal = path("M0 0H480V480H0z", ground) + ellipse(240, 240, 208, 208, pen.across(lighter(ground, 0.35), tone))
    return _svg(pen, seal + ring + at(240, 244, EMBLEMS[sign](ink, mixed(ink, ground, 0.5)), scale=2.15), 480, 480)

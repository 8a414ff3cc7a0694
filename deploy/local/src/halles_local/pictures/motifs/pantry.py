"""Jars, bottles, tins and bags."""

from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.pen import Pen, at, box, ellipse, lighter, line, mixed, path
from halles_local.pictures.things import Thing


def _label(thing: Thing, x: float, y: float, width: float, height: float, *, radius: float = 8) -> str:
    """Paper with a coloured band and the shop's sign."""
    paper = "#f7efdf"
    sign = at(
        x + width / 2,
        y + height * 0.5,
        EMBLEMS[thing.sign](thing.accent, mixed(thing.accent, paper, 0.55)),
        scale=height / 205,
    )
    rules = line(f"M{x + width * 0.24} {y + height * 0.88}H{x + width * 0.76}", thing.accent, 3, opacity=0.6)
    return (
        path(box(x, y, width, height, radius), paper)
        + path(box(x, y, width, height * 0.12), thing.accent)
        + sign
        + rules
    )


def jar(pen: Pen, thing: Thing) -> str:
    """Glass with its filling in ``colour``; the lid in ``second``."""
    width = pen.around(118, 8)
    height = pen.around(250, 18)
    glass = f"M{-width} {-height + 46}C{-width} {-height + 12} {-width + 26} {-height} {-width + 40} {-height}H{width - 40}C{width - 26} {-height} {width} {-height + 12} {width} {-height + 46}V-30Q{width} 0 {width - 34} 0H{-width + 34}Q{-width} 0 {-width} -30z"
    level = -height + 52
    filling = path(
        f"M-200 {level}Q0 {level + 16} 200 {level}V20H-200z",
        pen.across(lighter(thing.colour, 0.2), lighter(thing.colour, -0.28), middle=thing.colour),
    )
    bits = "".join(
        ellipse(
            pen.around(0, width * 0.8),
            pen.around(-60, 50),
            pen.around(10, 4),
            pen.around(8, 3),
            lighter(thing.colour, 0.3),
            opacity=0.35,
        )
        for _ in range(9)
    )
    shine = line(f"M{-width + 24} {-height + 66}V-60", "#ffffff", 13, opacity=0.5) + line(
        f"M{-width + 24} -40V-32", "#ffffff", 13, opacity=0.5
    )
    body = pen.solid(
        glass,
        "#e9e4d4",
        inside=filling
        + bits
        + _label(thing, -width * 0.72, -height * 0.66, width * 1.44, height * 0.44)
        + path(f"M{width * 0.5} {-height}H{width + 10}V10H{width * 0.62}z", "#2a1a10", opacity=0.13),
    )
    lid = pen.solid(
        box(-width + 28, -height - 44, width * 2 - 56, 50, 10),
        thing.second,
        inside="".join(
            line(f"M{x} {-height - 40}v44", lighter(thing.second, -0.25), 3, opacity=0.5) for x in range(-110, 111, 14)
        ),
    )
    cloth = ""
    if thing.variant % 2:
        w = width - 14
        cloth = pen.solid(
            f"M{-w} {-height + 16}Q{-w * 0.9} {-height - 50} {-w * 0.5} {-height - 66}Q0 {-height - 78} {w * 0.5} {-height - 66}Q{w * 0.9} {-height - 50} {w} {-height + 16}Q{w * 0.72} {-height - 2} {w * 0.5} {-height + 18}Q{w * 0.2} {-height} 0 {-height + 20}Q{-w * 0.2} {-height} {-w * 0.5} {-height + 18}Q{-w * 0.72} {-height - 2} {-w} {-height + 16}z",
            lighter(thing.second, 0.25),
            inside="".join(
                line(f"M{x} {-height - 90}L{x * 1.2} {-height + 30}", thing.accent, 5, opacity=0.5)
                for x in range(-90, 91, 22)
            ),
        )
        cloth += line(f"M{-w * 0.82} {-height - 16}Q0 {-height + 4} {w * 0.82} {-height - 16}", thing.accent, 7)
        lid = ""
    return pen.shadow(width) + body + shine + lid + cloth


def bottle(pen: Pen, thing: Thing) -> str:
    """Slender glass with oil, syrup or juice in ``colour``."""
    w, h = pen.around(74, 6), pen.around(390, 18)
    neck, shoulder = w * 0.32, h * 0.62
    glass = f"M{-neck} {-h}V{-shoulder - 40}C{-neck} {-shoulder - 6} {-w} {-shoulder + 8} {-w} {-shoulder + 60}V-22Q{-w} 0 {-w + 24} 0H{w - 24}Q{w} 0 {w} -22V{-shoulder + 60}C{w} {-shoulder + 8} {neck} {-shoulder - 6} {neck} {-shoulder - 40}V{-h}z"
    fill = path(
        f"M-120 {-shoulder - 44}H120V10H-120z",
        pen.across(lighter(thing.colour, 0.22), lighter(thing.colour, -0.34), middle=thing.colour),
    )
    inside = (
        fill
        + _label(thing, -w * 0.8, -shoulder * 0.72, w * 1.6, shoulder * 0.5)
        + path(f"M{w * 0.42} {-h}H{w + 8}V8H{w * 0.6}z", "#1d140c", opacity=0.16)
    )
    stopper = pen.solid(box(-neck - 5, -h - 36, neck * 2 + 10, 46, 7), thing.second)
    shine = line(f"M{-w + 17} {-shoulder + 66}V-44", "#ffffff", 9, opacity=0.45) + line(
        f"M{-neck + 9} {-h + 16}V{-shoulder - 40}", "#ffffff", 6, opacity=0.5
    )
    return pen.shadow(w, depth=26) + pen.solid(glass, "#dfe3d2", inside=inside) + shine + stopper


def tin(pen: Pen, thing: Thing) -> str:
    """A round tin, for tea, biscuits and spices."""
    w, h = pen.around(112, 10), pen.around(230, 26)
    bands = path(f"M-200 {-h * 0.2}H200V{-h * 0.12}H-200z", lighter(thing.colour, -0.25)) + path(
        f"M-200 {-h * 0.92}H200V{-h * 0.86}H-200z", lighter(thing.colour, -0.25)
    )
    dots = "".join(ellipse(x, -h * 0.16, 6, 6, "#f7efdf", opacity=0.85) for x in range(-100, 101, 25))
    seal = (
        ellipse(0, -h * 0.54, w * 0.58, w * 0.58, "#f7efdf")
        + ellipse(0, -h * 0.54, w * 0.5, w * 0.5, lighter(thing.colour, 0.72))
        + at(0, -h * 0.54, EMBLEMS[thing.sign](thing.accent, mixed(thing.accent, "#f7efdf", 0.5)), scale=w / 150)
    )
    body = f"M{-w} {-h}V-16Q{-w} 12 0 14Q{w} 12 {w} -16V{-h}z"
    lid = pen.solid(
        f"M{-w - 5} {-h - 34}V{-h + 2}Q{-w} {-h + 24} 0 {-h + 26}Q{w} {-h + 24} {w + 5} {-h + 2}V{-h - 34}z",
        thing.second,
    )
    top = ellipse(0, -h - 34, w + 5, 24, lighter(thing.second, 0.22)) + ellipse(
        0, -h - 36, w * 0.8, 17, lighter(thing.second, 0.1)
    )
    return pen.shadow(w) + pen.solid(body, thing.colour, inside=bands + dots + seal) + lid + top


def pouch(pen: Pen, thing: Thing) -> str:
    """A folded paper bag; the window shows what is in it."""
    w, h = pen.around(116, 8), pen.around(310, 20)
    kraft = thing.second
    body = f"M{-w + 8} {-h + 40}L{-w - 8} -12Q{-w - 4} 4 {-w + 16} 6H{w - 16}Q{w + 4} 4 {w + 8} -12L{w - 8} {-h + 40}z"
    window = pen.clip(f"M0 {-h * 0.36}m-54 0a54 50 0 1 1 108 0a54 50 0 1 1 -108 0")
    grains = "".join(
        at(
            pen.around(0, 56),
            pen.around(-h * 0.32, 50),
            ellipse(0, 0, 12, 7, lighter(thing.colour, pen.dice.uniform(-0.25, 0.3))),
            turn=pen.dice.uniform(0, 180),
        )
        for _ in range(70)
    )
    view = (
        ellipse(0, -h * 0.36, 61, 57, "#f7efdf")
        + f'<g clip-path="url(#{window})">'
        + ellipse(0, -h * 0.36, 54, 50, thing.colour)
        + grains
        + "</g>"
    )
    fold = path(f"M{w * 0.5} {-h}L{w * 0.62} 20H{w + 30}V{-h}z", "#2a1a10", opacity=0.1) + line(
        f"M{-w * 0.62} {-h + 60}L{-w * 0.72} -20", "#ffffff", 4, opacity=0.3
    )
    sign = at(0, -h * 0.7, EMBLEMS[thing.sign](thing.accent, lighter(kraft, 0.4)), scale=0.62)
    top = pen.solid(
        box(-w + 4, -h, w * 2 - 8, 52, 4),
        lighter(kraft, -0.07),
        inside=line(f"M-200 {-h + 26}H200", lighter(kraft, -0.25), 3, opacity=0.5),
    )
    clip = pen.solid(box(-13, -h - 14, 26, 52, 6), "#b98a57")
    return pen.shadow(w) + pen.solid(body, kraft, inside=view + fold + sign) + top + clip


def sachets(pen: Pen, thing: Thing) -> str:
    """A printed packet in front of what it holds: seeds, spices, sweets."""
    heap = "".join(
        at(
            pen.around(70, 110),
            pen.around(-8, 12),
            ellipse(0, 0, 13, 9, lighter(thing.colour, pen.dice.uniform(-0.2, 0.35))),
            turn=pen.dice.uniform(0, 180),
        )
        for _ in range(60)
    )
    card = pen.solid(
        box(-118, -330, 204, 322, 8),
        "#f6ecd8",
        inside=path(box(-118, -330, 204, 48), thing.colour)
        + path("M-118 -64q26 -22 52 0t52 0t52 0t52 0V0H-118z", thing.colour)
        + at(-16, -176, EMBLEMS[thing.sign](thing.accent, lighter(thing.colour, 0.3)), scale=1.25)
        + path("M50 -330H90V0H64z", "#2a1a10", opacity=0.08),
    )
    return pen.shadow(130, x=26) + at(0, 0, card, turn=-3) + heap

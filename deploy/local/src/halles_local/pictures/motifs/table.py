"""Ceramics, glass, wood and knives: what a table is laid with."""

from halles_local.pictures.pen import Pen, at, box, ellipse, lighter, line, path
from halles_local.pictures.things import Thing


def _speckles(pen: Pen, thing: Thing, width: float, top: float, *, many: int = 46) -> str:
    return "".join(
        ellipse(
            pen.around(0, width),
            pen.around(top / 2, -top / 2),
            pen.around(2.2, 1.2),
            pen.around(1.8, 1),
            lighter(thing.second, -0.4),
            opacity=0.5,
        )
        for _ in range(many)
    )


def _glaze(pen: Pen, thing: Thing, width: float, top: float, depth: float) -> str:
    """A second glaze that ran down before it froze."""
    x, path_ = -width - 20.0, f"M{-width - 20} {top - 40}"
    drops = []
    while x < width + 20:
        step = pen.around(38, 10)
        drop = top + depth + pen.around(0, depth * 0.4)
        drops.append(f"Q{x + step / 2:g} {drop:g} {x + step:g} {top + depth * 0.7:g}")
        x += step
    return path(f"{path_}V{top + depth * 0.6}{''.join(drops)}V{top - 40}z", thing.colour)


def bowl(pen: Pen, thing: Thing) -> str:
    w, h = pen.around(170, 14), pen.around(150, 14)
    body = f"M{-w} {-h}C{-w + 4} {-h * 0.36} {-w * 0.6} -14 {-w * 0.36} -8L{-w * 0.34} 4Q0 14 {w * 0.34} 4L{w * 0.36} -8C{w * 0.6} -14 {w - 4} {-h * 0.36} {w} {-h}z"
    outside = pen.solid(body, thing.second, inside=_glaze(pen, thing, w, -h, h * 0.52) + _speckles(pen, thing, w, -h))
    rim = ellipse(0, -h, w, w * 0.25, lighter(thing.colour, 0.18)) + ellipse(
        0, -h + 4, w - 12, w * 0.22, pen.across(lighter(thing.colour, -0.38), lighter(thing.colour, -0.05))
    )
    return (
        pen.shadow(w * 0.72, depth=40)
        + outside
        + rim
        + line(f"M{-w + 30} {-h + 44}Q{-w * 0.68} {-h * 0.5} {-w * 0.6} {-h * 0.38}", "#ffffff", 10, opacity=0.35)
    )


def plate(pen: Pen, thing: Thing) -> str:
    w = pen.around(200, 10)
    stack = "".join(
        ellipse(0, -14 - 15 * i, w, w * 0.27, lighter(thing.second, -0.24))
        + ellipse(0, -20 - 15 * i, w, w * 0.27, thing.second)
        for i in range(3)
    )
    top = (
        ellipse(0, -52, w, w * 0.27, thing.colour)
        + ellipse(0, -54, w - 9, w * 0.25, lighter(thing.colour, 0.2))
        + ellipse(0, -51, w * 0.7, w * 0.165, pen.across(lighter(thing.colour, -0.16), lighter(thing.colour, 0.3)))
    )
    ring = f'<ellipse cx="0" cy="-53" rx="{w * 0.85}" ry="{w * 0.21}" fill="none" stroke="{thing.accent}" stroke-width="3" opacity=".6"/>'
    return pen.shadow(w * 0.8, depth=44) + stack + top + ring


def mug(pen: Pen, thing: Thing) -> str:
    w, h = pen.around(96, 8), pen.around(210, 16)
    handle = line(
        f"M{w - 12} {-h + 48}C{w + 84} {-h + 30} {w + 84} {-h * 0.3} {w - 14} {-h * 0.26}",
        lighter(thing.second, -0.2),
        30,
    ) + line(f"M{w - 12} {-h + 45}C{w + 76} {-h + 28} {w + 76} {-h * 0.33} {w - 14} {-h * 0.29}", thing.second, 20)
    body = pen.solid(
        f"M{-w} {-h}L{-w + 6} -24Q{-w + 8} 10 0 12Q{w - 8} 10 {w - 6} -24L{w} {-h}z",
        thing.second,
        inside=_glaze(pen, thing, w, -h, h * 0.46) + _speckles(pen, thing, w, -h),
    )
    rim = (
        ellipse(0, -h, w, 24, lighter(thing.colour, 0.22))
        + ellipse(0, -h + 3, w - 9, 19, lighter(thing.colour, -0.42))
        + ellipse(0, -h + 9, w - 18, 12, "#5b3a24", opacity=0.75 if thing.variant % 2 else 0)
    )
    return (
        pen.shadow(w * 0.95, depth=30)
        + handle
        + body
        + rim
        + line(f"M{-w + 20} {-h + 44}V-60", "#ffffff", 9, opacity=0.32)
    )


def pitcher(pen: Pen, thing: Thing) -> str:
    w, h = pen.around(112, 8), pen.around(330, 16)
    handle = line(
        f"M{w * 0.5} {-h + 56}C{w + 92} {-h + 30} {w + 84} -150 {w * 0.82} -118", lighter(thing.second, -0.22), 26
    ) + line(f"M{w * 0.5} {-h + 54}C{w + 84} {-h + 30} {w + 76} -152 {w * 0.82} -122", thing.second, 16)
    body = f"M{-w * 0.62} {-h}C{-w * 0.4} {-h * 0.72} {-w} {-h * 0.62} {-w} {-h * 0.3}C{-w} -30 {-w * 0.6} 4 {-w * 0.5} 6Q0 16 {w * 0.5} 6C{w * 0.6} 4 {w} -30 {w} {-h * 0.3}C{w} {-h * 0.62} {w * 0.4} {-h * 0.72} {w * 0.56} {-h}L{-w * 0.5} {-h - 18}L{-w * 0.86} {-h - 12}z"
    return (
        pen.shadow(w, depth=32)
        + handle
        + pen.solid(body, thing.second, inside=_glaze(pen, thing, w, -h, h * 0.4) + _speckles(pen, thing, w, -h))
        + path(
            f"M{-w * 0.86} {-h - 12}Q0 {-h + 24} {w * 0.56} {-h}Q0 {-h - 34} {-w * 0.86} {-h - 12}z",
            lighter(thing.colour, -0.35),
        )
        + line(f"M{-w * 0.78} {-h * 0.44}Q{-w * 0.84} {-h * 0.24} {-w * 0.6} -50", "#ffffff", 10, opacity=0.3)
    )


def vase(pen: Pen, thing: Thing) -> str:
    w, h = pen.around(104, 10), pen.around(250, 16)
    stems = "".join(
        line(f"M{x * 0.3} {-h + 20}Q{x * 0.5} {-h - 70} {x} {-h - 120 - y}", "#6f7d4f", 5)
        + at(
            x,
            -h - 124 - y,
            "".join(
                at(
                    0,
                    0,
                    path(
                        "M0 -4C12 -14 10 -32 0 -36C-10 -32 -12 -14 0 -4z",
                        lighter(thing.accent, 0.12 if i % 2 else -0.08),
                    ),
                    turn=60 * i,
                )
                for i in range(6)
            )
            + ellipse(0, 0, 8, 8, "#efc75e"),
            scale=pen.dice.uniform(0.8, 1.15),
        )
        for x, y in ((-84, 10), (-34, 60), (22, 24), (78, 66))
    )
    body = f"M{-w * 0.3} {-h}C{-w * 0.3} {-h * 0.8} {-w} {-h * 0.74} {-w} {-h * 0.36}C{-w} -20 {-w * 0.5} 4 {-w * 0.4} 6Q0 14 {w * 0.4} 6C{w * 0.5} 4 {w} -20 {w} {-h * 0.36}C{w} {-h * 0.74} {w * 0.3} {-h * 0.8} {w * 0.3} {-h}z"
    return (
        pen.shadow(w, depth=30)
        + stems
        + pen.solid(body, thing.second, inside=_glaze(pen, thing, w, -h, h * 0.5) + _speckles(pen, thing, w, -h))
        + ellipse(0, -h, w * 0.3, 9, lighter(thing.second, -0.5))
        + line(f"M{-w * 0.76} {-h * 0.5}Q{-w * 0.84} {-h * 0.3} {-w * 0.6} -46", "#ffffff", 9, opacity=0.3)
    )


def carafe(pen: Pen, thing: Thing) -> str:
    w, h = pen.around(104, 8), 350
    glass = f"M-44 {-h}L-34 {-h * 0.66}C-36 {-h * 0.5} {-w} {-h * 0.44} {-w} {-h * 0.22}C{-w} -16 {-w * 0.6} 6 0 6S{w} -16 {w} {-h * 0.22}C{w} {-h * 0.44} 36 {-h * 0.5} 34 {-h * 0.66}L44 {-h}z"
    water = path(f"M-200 {-h * 0.4}Q0 {-h * 0.36} 200 {-h * 0.4}V20H-200z", thing.colour, opacity=0.75) + ellipse(
        0, -h * 0.39, w * 0.82, 13, lighter(thing.colour, 0.5), opacity=0.8
    )
    tumbler = at(
        150,
        0,
        pen.shadow(44, depth=18)
        + pen.solid(
            "M-48 -110L-40 -8Q0 8 40 -8L48 -110z",
            "#dfe8e2",
            inside=path("M-80 -56H80V20H-80z", thing.colour, opacity=0.7),
        )
        + ellipse(0, -110, 48, 11, "#f6faf4", opacity=0.9),
    )
    return (
        pen.shadow(w, depth=30)
        + pen.solid(glass, "#d8e4de", inside=water)
        + ellipse(0, -h, 44, 10, "#f6faf4")
        + line(f"M{-w + 22} {-h * 0.26}Q{-w + 18} -50 {-w + 44} -26", "#ffffff", 9, opacity=0.7)
        + line(f"M-26 {-h + 24}V{-h * 0.68}", "#ffffff", 6, opacity=0.7)
        + tumbler
    )


def _grain(pen: Pen, colour: str, left: float, right: float, top: float, bottom: float) -> str:
    rows, y, found = [], top, ""
    while y < bottom:
        bend = pen.around(0, 9)
        rows.append(
            line(
                f"M{left} {y:g}Q{(left + right) / 2:g} {y + bend:g} {right} {y + bend / 3:g}",
                lighter(colour, -0.3),
                2.4,
                opacity=0.42,
            )
        )
        y += pen.around(13, 4)
    return found.join(rows)


def board(pen: Pen, thing: Thing) -> str:
    shape = "M-150 -20Q-154 -330 -120 -340H-34Q-30 -400 0 -402Q30 -400 34 -340H120Q154 -330 150 -20Q140 -4 0 -2Q-140 -4 -150 -20z"
    side = at(0, 12, path(shape, lighter(thing.colour, -0.4)))
    knife = (
        at(
            70,
            -40,
            line("M0 0V-120", thing.second, 20)
            + path("M-11 -120H11L10 -290Q-8 -270 -11 -120z", "#cfd3d1")
            + path("M0 -120H11L10 -290z", "#aab0ae", opacity=0.7),
            turn=16,
        )
        if thing.variant % 2
        else ""
    )
    return (
        pen.shadow(132, depth=34)
        + side
        + pen.solid(shape, thing.colour, inside=_grain(pen, thing.colour, -160, 160, -330, 0))
        + ellipse(0, -368, 11, 11, lighter(thing.colour, -0.5))
        + knife
    )


def spoons(pen: Pen, thing: Thing) -> str:
    def one(x: float, turn: float, colour: str, size: float) -> str:
        bowl_ = "M0 -250C44 -260 48 -370 0 -390C-48 -370 -44 -260 0 -250z"
        return at(
            x,
            0,
            pen.solid("M-11 -4Q-14 -130 -8 -262H8Q14 -130 11 -4Q0 6 -11 -4z", colour)
            + pen.solid(bowl_, colour)
            + path("M0 -264C30 -272 34 -356 0 -372C-34 -356 -30 -272 0 -264z", lighter(colour, -0.24), opacity=0.55),
            turn=turn,
            scale=size,
        )

    pot = pen.solid("M-92 -168L-78 -6Q0 12 78 -6L92 -168z", thing.second, inside=_glaze(pen, thing, 92, -168, 60))
    return (
        pen.shadow(92)
        + one(-30, -14, lighter(thing.colour, -0.1), 0.92)
        + one(8, 4, thing.colour, 1.02)
        + one(40, 17, lighter(thing.colour, 0.14), 0.9)
        + ellipse(0, -168, 92, 20, lighter(thing.second, -0.3))
        + pot
    )


def knife(pen: Pen, thing: Thing) -> str:
    blade = "M-210 -36C-130 -74 -10 -84 46 -82V-24C-40 -20 -140 -22 -210 -36z"
    steel = pen.across("#eef1ee", "#98a29f", down=True, middle="#c9cfcc")
    handle = pen.solid(
        "M44 -90C110 -98 190 -92 226 -72C240 -58 236 -26 218 -18C170 -26 100 -14 44 -18z",
        thing.colour,
        inside=_grain(pen, thing.colour, 40, 240, -96, -10),
    )
    pins = "".join(ellipse(x, -54, 7, 7, "#d9b56a") + ellipse(x - 2, -56, 3, 3, "#f6e3b4") for x in (86, 140, 194))
    bolster = pen.solid(box(34, -92, 20, 78, 5), "#b9a06a")
    cloth = path("M-230 24L-190 -130L230 -150L262 10Q20 50 -230 24z", lighter(thing.accent, 0.55)) + line(
        "M-206 -66L240 -88M-216 -30L250 -50", thing.accent, 6, opacity=0.45
    )
    return at(
        0,
        -50,
        pen.shadow(210, depth=40)
        + cloth
        + at(0, 4, path(blade, "#2a1a10", opacity=0.18))
        + path(blade, steel)
        + line("M-204 -38C-120 -68 -20 -78 40 -76", "#ffffff", 4, opacity=0.8)
        + bolster
        + handle
        + pins,
        turn=-12,
    )


def glasses(pen: Pen, thing: Thing) -> str:
    """Blown tumblers, tinted."""

    def one(x: float, colour: str, scale: float) -> str:
        return at(
            x,
            0,
            pen.shadow(66, depth=22)
            + pen.solid(
                "M-72 -190C-76 -100 -66 -40 -54 -6Q0 12 54 -6C66 -40 76 -100 72 -190z",
                colour,
                inside=path("M-54 -8Q0 -34 54 -8V20H-54z", "#ffffff", opacity=0.35),
            )
            + ellipse(0, -190, 72, 17, lighter(colour, 0.55))
            + ellipse(0, -188, 63, 13, lighter(colour, -0.12), opacity=0.5)
            + line("M-52 -160Q-54 -90 -42 -40", "#ffffff", 8, opacity=0.6),
            scale=scale,
        )

    return one(-86, lighter(thing.colour, 0.2), 0.95) + one(96, thing.second, 1.0) + one(6, thing.colour, 1.14)

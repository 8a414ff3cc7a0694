"""Wool, linen and leather."""

from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.pen import Pen, at, box, ellipse, lighter, line, path
from halles_local.pictures.things import Thing


def _knit(colour: str, left: float, right: float, top: float, bottom: float, *, step: float = 22) -> str:
    """Rows of stitches."""
    marks, y, odd = "", top, 0
    while y < bottom:
        x = left + (step / 2 if odd else 0)
        while x < right:
            marks += f"M{x:g} {y:g}l{step * 0.3:g} {step * 0.42:g}l{step * 0.3:g} {-step * 0.42:g}"
            x += step
        y, odd = y + step * 0.62, 1 - odd
    return line(marks, lighter(colour, -0.24), 3.4, opacity=0.55)


def folded(pen: Pen, thing: Thing) -> str:
    """A pile of blankets or towels; every second one in ``second``."""
    pile, y = "", 0.0
    for row in range(4):
        colour = (thing.colour, thing.second, lighter(thing.colour, 0.3), thing.accent)[row]
        h, w = pen.around(64, 6), pen.around(182 - row * 6, 5)
        shape = f"M{-w} {y - h / 2}C{-w} {y - h} {-w + 12} {y - h} {-w + 34} {y - h}H{w - 8}Q{w + 6} {y - h * 0.5} {w - 8} {y}H{-w + 34}C{-w + 12} {y} {-w} {y} {-w} {y - h / 2}z"
        stripes = (
            "".join(line(f"M{x} {y - h}V{y}", lighter(colour, 0.42), 7, opacity=0.8) for x in (w - 60, w - 42))
            if row % 2 == 0
            else ""
        )
        fringe = "".join(
            line(f"M{w - 6} {y - k}h{pen.around(26, 5)}", lighter(colour, 0.25), 3) for k in range(8, int(h) - 2, 7)
        )
        fold = line(f"M{-w + 8} {y - h / 2}H{w - 4}", lighter(colour, -0.3), 4, opacity=0.5)
        pile += (
            fringe
            + pen.solid(shape, colour, inside=_knit(colour, -w, w, y - h + 8, y, step=18) * (row % 2) + stripes)
            + fold
        )
        y -= h - 2
    band = pen.solid(
        box(-46, y, 88, -y, 2),
        "#f3e8d2",
        inside=at(-2, y / 2, EMBLEMS[thing.sign](thing.accent, lighter(thing.accent, 0.5)), scale=0.62),
    )
    return pen.shadow(184, depth=42) + pile + band


def scarf(pen: Pen, thing: Thing) -> str:
    """Hanging over a rail, with fringes."""
    rail = pen.solid(box(-240, -420, 480, 18, 9), "#a9794b") + path(box(-240, -402, 480, 6, 3), "#2a1a10", opacity=0.15)
    back = pen.solid("M-30 -420H112L120 -66H-24z", lighter(thing.colour, -0.22))
    front = "M-118 -424Q-40 -438 34 -424L46 -40Q-36 -28 -122 -40z"
    checks = "".join(
        line(f"M-130 {y}Q-40 {y + 10} 60 {y}", thing.second, 14, opacity=0.75) for y in range(-380, -50, 76)
    ) + "".join(line(f"M{x} -430V-30", thing.accent, 6, opacity=0.6) for x in (-84, -10))
    fringe = "".join(
        line(f"M{x} -42q{pen.around(0, 6)} 26 {pen.around(0, 8)} 52", thing.colour, 6) for x in range(-116, 46, 13)
    ) + "".join(line(f"M{x} -68q3 22 0 44", lighter(thing.colour, -0.22), 6) for x in range(-18, 118, 13))
    return (
        rail + fringe + back + pen.solid(front, thing.colour, inside=_knit(thing.colour, -140, 60, -430, -30) + checks)
    )


def beanie(pen: Pen, thing: Thing) -> str:
    dome = "M-150 -76C-156 -240 -70 -300 0 -300S156 -240 150 -76z"
    ribs = "".join(
        line(f"M{x * 0.4} -300Q{x * 1.1} -220 {x} -70", lighter(thing.colour, -0.24), 5, opacity=0.5)
        for x in range(-150, 151, 25)
    )
    brim = pen.solid(
        "M-160 -96Q0 -60 160 -96Q170 -50 158 -8Q0 28 -158 -8Q-170 -50 -160 -96z",
        thing.second,
        inside="".join(
            line(f"M{x} -110V30", lighter(thing.second, -0.25), 6, opacity=0.45) for x in range(-160, 161, 18)
        ),
    )
    pompon = "".join(
        line(f"M0 -322l{pen.around(0, 50)} {pen.around(0, 46)}", lighter(thing.accent, pen.dice.uniform(-0.15, 0.3)), 9)
        for _ in range(60)
    )
    return (
        pen.shadow(150, depth=36)
        + pen.solid(dome, thing.colour, inside=_knit(thing.colour, -160, 160, -300, -60) + ribs)
        + brim
        + (pompon if thing.variant % 2 else "")
    )


def socks(pen: Pen, thing: Thing) -> str:
    """A pair; mittens when turned."""
    sock = "M-52 -330H44L50 -130C52 -100 130 -92 150 -58C166 -22 130 0 96 0H-10C-50 0 -66 -30 -62 -70z"

    def one(x: float, y: float, base: str) -> str:
        cuff = path("M-60 -340H60V-280H-60z", thing.second) + "".join(
            line(f"M{k} -340V-280", lighter(thing.second, -0.25), 4, opacity=0.5) for k in range(-54, 56, 12)
        )
        heel = ellipse(-48, -34, 46, 50, thing.accent) + path("M96 -80H190V20H92z", thing.accent)
        bands = "".join(line(f"M-80 {k}H80", lighter(base, 0.35), 9, opacity=0.8) for k in (-236, -212))
        return at(x, y, pen.solid(sock, base, inside=_knit(base, -80, 170, -280, 10) + bands + cuff + heel))

    return pen.shadow(150, x=30, depth=36) + one(52, -26, lighter(thing.colour, -0.14)) + one(-66, 4, thing.colour)


def tote(pen: Pen, thing: Thing) -> str:
    """A bag of leather or linen with two handles."""
    handles = line("M-78 -236C-84 -400 84 -400 78 -236", lighter(thing.second, -0.25), 22) + line(
        "M-78 -236C-84 -394 84 -394 78 -236", thing.second, 14
    )
    body = "M-158 -250H158L178 -24Q180 4 152 6H-152Q-180 4 -178 -24z"
    stitch = f'<path d="M-140 -232H140M-150 -20H150" fill="none" stroke="{lighter(thing.colour, 0.5)}" stroke-width="3.5" stroke-dasharray="11 8"/>'
    pocket = pen.solid(
        box(-84, -164, 168, 122, 12),
        lighter(thing.colour, 0.07),
        inside=at(0, -100, EMBLEMS[thing.sign](lighter(thing.colour, -0.38), lighter(thing.colour, 0.25)), scale=0.7),
    )
    patches = "".join(
        pen.solid(box(x - 17, -266, 34, 60, 7), thing.second) + ellipse(x, -222, 5, 5, "#d9b56a") for x in (-78, 78)
    )
    return pen.shadow(166, depth=38) + handles + pen.solid(body, thing.colour, inside=stitch) + pocket + patches


def wallet(pen: Pen, thing: Thing) -> str:
    back = pen.solid(box(-150, -246, 330, 210, 20), lighter(thing.colour, -0.2))
    flap = pen.solid(
        "M-186 -206Q-186 -226 -166 -226H146Q166 -226 166 -206V-18Q166 4 144 4H-164Q-186 4 -186 -18z",
        thing.colour,
        inside="".join(
            ellipse(pen.around(0, 170), pen.around(-110, 100), 2, 1.6, lighter(thing.colour, -0.3), opacity=0.35)
            for _ in range(90)
        ),
    )
    stitch = f'<path d="{box(-174, -214, 328, 206, 14)}" fill="none" stroke="{lighter(thing.colour, 0.5)}" stroke-width="4" stroke-dasharray="13 9"/>'
    strap = (
        pen.solid("M166 -138H96Q70 -138 70 -112T96 -86H166z", lighter(thing.second, 0.04))
        + ellipse(100, -112, 13, 13, "#d9b56a")
        + ellipse(97, -115, 5, 5, "#fbeec6")
    )
    sign = at(-70, -112, EMBLEMS[thing.sign](lighter(thing.colour, -0.36), lighter(thing.colour, -0.12)), scale=0.85)
    return pen.shadow(186, depth=40) + at(0, 0, back, turn=-4) + flap + stitch + strap + sign


def belt(pen: Pen, thing: Thing) -> str:
    def ring(r: float, tint: float) -> str:
        return f'<ellipse cx="0" cy="-90" rx="{r}" ry="{r * 0.52}" fill="none" stroke="{lighter(thing.colour, tint)}" stroke-width="34"/><ellipse cx="0" cy="-90" rx="{r}" ry="{r * 0.52}" fill="none" stroke="{lighter(thing.colour, 0.4)}" stroke-width="2.5" stroke-dasharray="10 8"/>'

    buckle = at(
        120,
        -6,
        f'<path d="{box(-44, -46, 88, 92, 16)}" fill="none" stroke="#b9974f" stroke-width="15"/><path d="{box(-46, -48, 88, 92, 16)}" fill="none" stroke="#ecd48f" stroke-width="4"/>'
        + line("M-40 0H52", "#cfae62", 11),
        turn=-10,
    )
    return pen.shadow(190, depth=60) + ring(78, -0.25) + ring(130, -0.12) + ring(182, 0.02) + buckle


def slippers(pen: Pen, thing: Thing) -> str:
    def one(x: float, y: float, turn: float, tone: float) -> str:
        colour = lighter(thing.colour, tone)
        sole = path("M-76 -12C-84 -150 -60 -330 0 -330S84 -150 76 -12Q0 40 -76 -12z", lighter(thing.second, -0.1))
        inner = path("M-60 -16C-64 -130 -48 -210 0 -214S64 -130 60 -16Q0 22 -60 -16z", lighter(thing.second, 0.35))
        upper = pen.solid(
            "M-76 -130C-70 -270 -46 -330 0 -330S70 -270 76 -130Q0 -196 -76 -130z",
            colour,
            inside=_knit(colour, -80, 80, -330, -110, step=18),
        )
        return at(
            x,
            y,
            sole + inner + upper + line("M-76 -130Q0 -196 76 -130", lighter(thing.accent, 0.2), 11),
            turn=turn,
            scale=0.98,
        )

    return pen.shadow(170, depth=40) + one(-88, 0, -8, 0.0) + one(92, -14, 7, -0.06)


def yarn(pen: Pen, thing: Thing) -> str:
    def ball(x: float, r: float, colour: str) -> str:
        shape = f"M{-r} {-r}A{r} {r} 0 1 1 {r} {-r}A{r} {r} 0 1 1 {-r} {-r}z"
        strands = "".join(
            at(
                0,
                -r,
                line(f"M{-r} {k}Q0 {k - r * 0.55} {r} {k}", lighter(colour, 0.28 if k % 2 else -0.2), 5, opacity=0.75),
                turn=turn,
            )
            for turn in (-35, 35, 85)
            for k in range(-int(r * 0.6), int(r), 15)
        )
        return at(x, 0, pen.shadow(r * 0.8, depth=24) + pen.solid(shape, colour, inside=strands))

    needles = "".join(
        at(x, -150, line("M0 160L-110 -200", "#c69a63", 9) + ellipse(-112, -204, 12, 12, thing.accent), turn=t)
        for x, t in ((60, 6), (96, 30))
    )
    return (
        ball(-120, 86, thing.second)
        + needles
        + ball(96, 78, lighter(thing.accent, 0.15))
        + ball(-2, 112, thing.colour)
        + line("M60 -20C140 30 190 10 240 24", thing.colour, 6)
    )

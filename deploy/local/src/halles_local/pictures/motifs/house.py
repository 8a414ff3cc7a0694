"""Soap and care, candles, baskets, paper, toys, jewels, plants, lamps."""

from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.pen import Pen, at, box, ellipse, lighter, line, mixed, path
from halles_local.pictures.things import Thing


def soap(pen: Pen, thing: Thing) -> str:
    def bar(x: float, y: float, colour: str, turn: float) -> str:
        flecks = "".join(
            ellipse(
                pen.around(0, 120),
                pen.around(-50, 40),
                pen.around(5, 3),
                pen.around(3, 1),
                lighter(thing.accent, -0.05),
                opacity=0.55,
            )
            for _ in range(16)
        )
        stamp = at(0, -52, EMBLEMS[thing.sign](lighter(colour, -0.3), lighter(colour, -0.12)), scale=0.6)
        return at(
            x,
            y,
            path(box(-136, -94, 276, 108, 22), lighter(colour, -0.28))
            + pen.solid(
                box(-136, -106, 272, 104, 24), colour, inside=flecks + line("M-116 -84H110", "#ffffff", 9, opacity=0.35)
            )
            + stamp,
            turn=turn,
        )

    band = at(
        14,
        -196,
        pen.solid(
            box(-50, -108, 96, 112, 3), "#f5ead4", inside=path("M-50 -96H50V-86H-50zM-50 -18H50V-8H-50z", thing.accent)
        ),
        turn=3,
    )
    foam = "".join(
        ellipse(150 + pen.around(20, 50), pen.around(-16, 16), r, r, "#ffffff", opacity=0.55)
        for r in (10, 16, 8, 12, 20, 7, 9)
    )
    return (
        pen.shadow(150, depth=36)
        + bar(-8, 0, lighter(thing.colour, -0.1), -3)
        + bar(10, -98, thing.second, 2)
        + bar(14, -196, thing.colour, 3)
        + band
        + foam
    )


def flacon(pen: Pen, thing: Thing) -> str:
    """A small brown bottle with a dropper and a tin of balm."""
    glass = "M-84 -212C-84 -244 -40 -246 -36 -272H36C40 -246 84 -244 84 -212V-16Q84 4 62 4H-62Q-84 4 -84 -16z"
    label = path(box(-70, -178, 140, 130, 4), "#f5ead4") + at(
        0, -112, EMBLEMS[thing.sign](thing.accent, mixed(thing.accent, "#f5ead4", 0.5)), scale=0.78
    )
    cap = pen.solid(
        box(-34, -326, 68, 58, 8),
        "#2f2a28",
        inside="".join(line(f"M{x} -324v54", "#4c4543", 4) for x in range(-28, 30, 9)),
    ) + pen.solid("M-17 -326C-26 -370 -20 -408 0 -410S26 -370 17 -326z", "#3a3432")
    tin = at(
        150,
        12,
        ellipse(0, -6, 92, 30, "#9c9a92")
        + pen.solid("M-92 -48V-8Q-88 24 0 26T92 -8V-48z", "#c9c6bb")
        + ellipse(0, -48, 92, 30, "#e6e2d6")
        + ellipse(0, -49, 80, 25, thing.colour)
        + at(
            0,
            -50,
            f'<g transform="scale(1 .34)">{EMBLEMS[thing.sign]("#f5ead4", lighter(thing.colour, 0.4))}</g>',
            scale=0.8,
        ),
    )
    return (
        pen.shadow(110, x=40, depth=32)
        + pen.solid(glass, thing.second, inside=label + path("M46 -280H100V10H60z", "#1d120a", opacity=0.2))
        + line("M-66 -204V-40", "#ffffff", 9, opacity=0.35)
        + cap
        + tin
    )


def candle(pen: Pen, thing: Thing) -> str:
    halo = ellipse(0, -300, 250, 250, pen.glow("#ffd98a", opacity=0.75))
    flame = path("M0 -372C34 -330 28 -296 0 -290C-28 -296 -34 -330 0 -372z", "#ffb94a") + path(
        "M0 -346C16 -322 14 -302 0 -297C-14 -302 -16 -322 0 -346z", "#fff3c9"
    )
    glass = "M-112 -238V-24Q-112 6 -82 8H82Q112 6 112 -24V-238z"
    wax = path(
        "M-130 -206Q0 -178 130 -206V20H-130z",
        pen.across(lighter(thing.colour, 0.35), lighter(thing.colour, -0.18), middle=thing.colour),
    )
    label = path(box(-70, -150, 140, 104, 6), "#f7efdf") + at(
        0, -98, EMBLEMS[thing.sign](thing.accent, mixed(thing.accent, "#f7efdf", 0.5)), scale=0.66
    )
    small = (
        at(
            -168,
            18,
            pen.shadow(46, depth=18)
            + pen.solid("M-44 -150V-6Q0 12 44 -6V-150z", thing.second)
            + ellipse(0, -150, 44, 11, lighter(thing.second, 0.3))
            + line("M0 -152V-172", "#3a2a1c", 5),
        )
        if thing.variant % 2
        else ""
    )
    return (
        halo
        + pen.shadow(112, depth=34)
        + small
        + pen.solid(glass, "#efe6d4", inside=wax + label)
        + ellipse(0, -238, 112, 22, "#ffffff", opacity=0.5)
        + ellipse(0, -202, 96, 17, lighter(thing.colour, 0.5))
        + line("M0 -204V-292", "#3a2a1c", 6)
        + flame
        + line("M-92 -210V-40", "#ffffff", 10, opacity=0.4)
    )


def basket(pen: Pen, thing: Thing) -> str:
    body = "M-176 -180L-140 -16Q-136 6 -110 8H110Q136 6 140 -16L176 -180z"
    weave = "".join(
        line(
            f"M{-190 + (26 if row % 2 else 0) + 52 * i} {-172 + 26 * row}q26 16 52 0",
            lighter(thing.colour, -0.26 if (i + row) % 2 else 0.22),
            17,
        )
        for row in range(8)
        for i in range(-1, 8)
    )
    handle = line("M-160 -186C-150 -440 150 -440 160 -186", lighter(thing.colour, -0.28), 24) + line(
        "M-160 -186C-150 -432 150 -432 160 -186", thing.colour, 12
    )
    rim = line("M-178 -184H178", lighter(thing.colour, 0.12), 30) + "".join(
        line(f"M{x} -196l16 24", lighter(thing.colour, -0.3), 5) for x in range(-180, 176, 22)
    )
    linen = pen.solid(
        "M-160 -190C-120 -236 -60 -220 -20 -238C40 -226 100 -238 160 -190z",
        thing.second,
        inside="".join(line(f"M{x} -250L{x + 20} -180", thing.accent, 7, opacity=0.5) for x in range(-170, 170, 34)),
    )
    return pen.shadow(160, depth=40) + handle + linen + pen.solid(body, thing.colour, inside=weave) + rim


def notebook(pen: Pen, thing: Thing) -> str:
    def one(x: float, y: float, turn: float, colour: str, sign: bool) -> str:
        pages = path(box(-104, -300, 226, 302, 6), "#efe6d2") + "".join(
            line(f"M{118 - 3 * k} -292V-4", "#cdbf9f", 1.4) for k in range(4)
        )
        motif = (
            "".join(
                at(
                    -60 + 52 * i,
                    -262 + 56 * j,
                    EMBLEMS[thing.sign](lighter(colour, 0.4), lighter(colour, -0.2)),
                    scale=0.3,
                )
                for i in range(4)
                for j in range(5)
            )
            if not sign
            else path(box(-56, -216, 116, 130, 4), "#f7efdf")
            + at(2, -150, EMBLEMS[thing.sign](thing.accent, mixed(thing.accent, "#f7efdf", 0.5)), scale=0.82)
        )
        cover = pen.solid(
            box(-118, -308, 226, 308, 8),
            colour,
            inside=motif + path("M-118 -308H-86V0H-118z", lighter(colour, -0.3), opacity=0.6),
        )
        return at(x, y, pages + cover, turn=turn)

    pencil = at(
        170,
        0,
        pen.solid(box(-9, -250, 18, 210, 3), "#d7a13f")
        + path("M-9 -40H9L0 -4z", "#ead2a4")
        + path("M-3 -16H3L0 -4z", "#33302c")
        + path(box(-9, -266, 18, 18, 3), thing.accent),
        turn=12,
    )
    return (
        pen.shadow(150, depth=36, x=24)
        + one(48, -16, 9, thing.second, False)
        + one(-44, 0, -4, thing.colour, True)
        + pencil
    )


def poster(pen: Pen, thing: Thing) -> str:
    """A print in a frame: hills, sun and the shop's sign."""
    frame = pen.solid(box(-166, -430, 332, 432, 4), "#b08654", inside="")
    sheet = path(box(-148, -412, 296, 396), "#f7efdf")
    view_path = box(-118, -384, 236, 290)
    view = (
        path(view_path, lighter(thing.second, 0.45))
        + ellipse(46, -306, 46, 46, thing.accent)
        + path("M-118 -220C-60 -300 0 -250 40 -236S100 -280 118 -262V-94H-118z", thing.second)
        + path("M-118 -176C-50 -230 30 -160 118 -206V-94H-118z", thing.colour)
        + path("M-118 -128C-30 -170 50 -104 118 -142V-94H-118z", lighter(thing.colour, -0.3))
    )
    clip = pen.clip(view_path)
    return (
        pen.shadow(170, depth=26)
        + frame
        + sheet
        + f'<g clip-path="url(#{clip})">{view}</g>'
        + at(0, -54, EMBLEMS[thing.sign](thing.colour, lighter(thing.colour, 0.4)), scale=0.36)
        + path("M-148 -412H148L-20 -16H-148z", "#ffffff", opacity=0.07)
    )


def toy(pen: Pen, thing: Thing) -> str:
    """A wooden animal on wheels, or a rainbow to pile up."""
    if thing.variant % 2:
        arcs = "".join(
            pen.solid(
                f"M{-r} 0V-30A{r} {r} 0 0 1 {r} -30V0H{r - 34}V-30A{r - 34} {r - 34} 0 0 0 {-(r - 34)} -30V0z", colour
            )
            for r, colour in (
                (206, thing.colour),
                (168, lighter(thing.accent, 0.15)),
                (130, "#e3b552"),
                (92, thing.second),
                (54, lighter(thing.colour, 0.3)),
            )
        )
        return pen.shadow(200, depth=36) + arcs
    wheels = "".join(
        ellipse(x, -34, 40, 40, lighter(thing.second, -0.1))
        + ellipse(x - 3, -37, 30, 30, lighter(thing.second, 0.14))
        + ellipse(x, -34, 9, 9, "#7d5a35")
        for x in (-98, 98)
    )
    body = "M-150 -70C-176 -180 -120 -216 -60 -206C0 -226 60 -218 96 -236C100 -290 150 -320 186 -286C216 -280 214 -240 182 -232C164 -200 170 -140 150 -70z"
    grain = "".join(
        line(f"M-170 {y}Q0 {y + pen.around(0, 16)} 190 {y - 6}", lighter(thing.colour, -0.24), 3, opacity=0.45)
        for y in range(-290, -60, 19)
    )
    ear = pen.solid("M118 -280C130 -326 158 -322 154 -280z", lighter(thing.colour, -0.16))
    cord = line("M-150 -96C-220 -60 -230 -10 -262 6", thing.accent, 6) + ellipse(-266, 8, 13, 13, thing.accent)
    return (
        pen.shadow(170, depth=36)
        + cord
        + ear
        + pen.solid(body, thing.colour, inside=grain)
        + ellipse(176, -264, 7, 7, "#33261a")
        + line("M-150 -150C-176 -150 -184 -122 -178 -104", lighter(thing.colour, -0.2), 13)
        + wheels
    )


def blocks(pen: Pen, thing: Thing) -> str:
    def cube(x: float, y: float, colour: str, sign: str) -> str:
        return at(
            x,
            y,
            path("M-62 -120L-30 -146H92L62 -120z", lighter(colour, 0.35))
            + path("M62 -120L92 -146V-28L62 0z", lighter(colour, -0.3))
            + pen.solid(box(-62, -120, 124, 120, 5), colour)
            + at(0, -60, EMBLEMS[sign]("#f7efdf", lighter(colour, 0.45)), scale=0.72),
        )

    return (
        pen.shadow(170, depth=38, x=26)
        + cube(-84, 0, thing.colour, thing.sign)
        + cube(66, 4, thing.second, "star")
        + cube(-14, -118, thing.accent, "bird")
    )


def jewels(pen: Pen, thing: Thing) -> str:
    """A stand with a pendant and two earrings."""
    metal = "#d4a94e"
    bust = pen.solid(
        "M-64 -430C-50 -360 -160 -330 -176 -200C-186 -90 -120 -10 -96 0H96C120 -10 186 -90 176 -200C160 -330 50 -360 64 -430Q0 -410 -64 -430z",
        lighter(thing.second, 0.35),
    )
    chain = f'<path d="M-66 -400C-80 -240 -40 -180 0 -168C40 -180 80 -240 66 -400" fill="none" stroke="{metal}" stroke-width="5" stroke-dasharray="3 6" stroke-linecap="round"/>'
    gem = at(
        0,
        -130,
        ellipse(0, 0, 40, 48, metal)
        + ellipse(0, 0, 31, 39, pen.across(lighter(thing.colour, 0.35), lighter(thing.colour, -0.3)))
        + ellipse(-10, -14, 9, 12, "#ffffff", opacity=0.5),
    )
    rings = "".join(
        at(
            x,
            -8,
            ellipse(0, -6, 0, 0, metal)
            + f'<ellipse cx="0" cy="-22" rx="22" ry="24" fill="none" stroke="{metal}" stroke-width="6"/>'
            + ellipse(0, 12, 16, 20, thing.colour)
            + ellipse(-5, 6, 5, 6, "#ffffff", opacity=0.5),
        )
        for x in (186, 246)
    )
    return pen.shadow(120, depth=34) + bust + chain + gem + rings


def plant(pen: Pen, thing: Thing) -> str:
    pot = (
        pen.solid("M-104 -170L-78 -10Q0 14 78 -10L104 -170z", thing.second)
        + pen.solid(box(-116, -200, 232, 44, 8), lighter(thing.second, 0.1))
        + ellipse(0, -196, 100, 13, "#4a3524")
    )
    leaves = "".join(
        at(
            pen.around(0, 40),
            -196,
            line("M0 0Q4 -60 0 -118", lighter(thing.colour, -0.3), 5)
            + path(
                "M0 -60C52 -88 50 -172 0 -214C-50 -172 -52 -88 0 -60z",
                lighter(thing.colour, pen.dice.uniform(-0.22, 0.26)),
            )
            + line("M0 -64V-200", lighter(thing.colour, 0.4), 2.5, opacity=0.6),
            turn=turn,
            scale=pen.dice.uniform(0.76, 1.02),
        )
        for turn in (-66, 64, -40, 42, -18, 22, 2)
    )
    return (
        pen.shadow(96, depth=30)
        + leaves
        + pot
        + at(0, -92, EMBLEMS[thing.sign](lighter(thing.second, 0.45), lighter(thing.second, 0.2)), scale=0.5)
    )


def lamp(pen: Pen, thing: Thing) -> str:
    halo = ellipse(0, -230, 300, 260, pen.glow("#ffdf9c", opacity=0.7))
    foot = pen.solid("M-70 -4C-40 -40 -18 -60 -14 -190H14C18 -60 40 -40 70 -4Q0 16 -70 -4z", thing.second)
    shade = pen.solid(
        "M-84 -410H84L158 -190Q0 -160 -158 -190z",
        thing.colour,
        inside="".join(
            line(f"M{x * 0.5} -414L{x} -170", lighter(thing.colour, 0.4), 6, opacity=0.5) for x in range(-160, 161, 32)
        ),
    )
    return (
        halo
        + pen.shadow(84, depth=26)
        + foot
        + path("M-150 -190Q0 -160 150 -190Q0 -206 -150 -190z", "#fff1c4")
        + shade
        + line("M-158 -190Q0 -160 158 -190", lighter(thing.accent, 0.1), 7)
    )


def broom(pen: Pen, thing: Thing) -> str:
    """Brushes of wood and fibre."""

    def one(x: float, turn: float, colour: str, size: float) -> str:
        bristles = "".join(
            line(
                f"M{k} -84L{k * 1.35 + pen.around(0, 5)} {pen.around(2, 8)}",
                lighter(thing.second, pen.dice.uniform(-0.2, 0.2)),
                6,
            )
            for k in range(-66, 67, 7)
        )
        head = pen.solid("M-84 -84C-88 -124 -40 -140 0 -140S88 -124 84 -84Q0 -70 -84 -84z", colour)
        handle = pen.solid("M-15 -136C-22 -220 -12 -330 0 -410C12 -330 22 -220 15 -136z", colour)
        loop = f'<ellipse cx="0" cy="-418" rx="13" ry="18" fill="none" stroke="{thing.accent}" stroke-width="6"/>'
        return at(x, 0, bristles + handle + head + loop, turn=turn, scale=size)

    return pen.shadow(150, depth=34) + one(-92, -7, lighter(thing.colour, -0.12), 0.86) + one(88, 8, thing.colour, 0.96)

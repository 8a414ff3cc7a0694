"""Bread, biscuits, cheese, chocolate, meat and what grows."""

from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.pen import Pen, at, box, ellipse, lighter, line, mixed, path
from halles_local.pictures.things import Thing


def loaf(pen: Pen, thing: Thing) -> str:
    w = pen.around(200, 12)
    crust = f"M{-w} -54C{-w - 8} -150 {-w * 0.5} -196 0 -196S{w + 8} -150 {w} -54C{w} -14 {w * 0.7} 2 0 2S{-w} -14 {-w} -54z"
    cuts = "".join(
        at(
            x,
            -126,
            path("M-16 54C-34 4 -8 -50 26 -62C20 -22 12 26 -16 54z", lighter(thing.colour, 0.52))
            + line("M-16 54C-34 4 -8 -50 26 -62", lighter(thing.colour, -0.3), 6),
        )
        for x in (-110, -32, 46, 124)
    )
    flour = "".join(
        ellipse(
            pen.around(0, w * 0.8), pen.around(-130, 50), pen.around(4, 2), pen.around(2.6, 1), "#fff6e0", opacity=0.75
        )
        for _ in range(60)
    )
    return pen.shadow(w * 0.9, depth=44) + pen.solid(
        crust,
        thing.colour,
        inside=cuts + flour + path(f"M{-w} -20Q0 20 {w} -20V20H{-w}z", lighter(thing.colour, -0.4), opacity=0.35),
    )


def biscuits(pen: Pen, thing: Thing) -> str:
    def one(x: float, y: float, r: float) -> str:
        edge = "".join(ellipse(0, 0, 0, 0, thing.colour) for _ in range(0))
        holes = "".join(
            ellipse(dx, dy * 0.42 - 4, 5, 3, lighter(thing.colour, -0.42), opacity=0.6)
            for dx, dy in ((-30, 10), (0, -16), (30, 10), (0, 32), (-44, -20), (44, -20))
        )
        return at(
            x,
            y,
            ellipse(0, 9, r, r * 0.4, lighter(thing.colour, -0.34))
            + ellipse(0, 0, r, r * 0.4, pen.across(lighter(thing.colour, 0.24), lighter(thing.colour, -0.12)))
            + ellipse(0, -1, r * 0.84, r * 0.32, lighter(thing.colour, 0.14))
            + holes
            + edge,
        )

    pile = "".join(one(pen.around(-30, 7), -16 - 27 * i, 104) for i in range(6))
    leaning = at(
        112,
        -78,
        f'<ellipse rx="84" ry="88" fill="{lighter(thing.colour, -0.32)}" cx="9" cy="4"/>'
        + ellipse(0, 0, 84, 88, pen.across(lighter(thing.colour, 0.26), lighter(thing.colour, -0.1)))
        + ellipse(0, 0, 66, 69, lighter(thing.colour, 0.1), opacity=0.8)
        + "".join(
            ellipse(x, y, 5, 5, lighter(thing.colour, -0.42), opacity=0.55) for x in (-32, 0, 32) for y in (-32, 0, 32)
        ),
        turn=-12,
    )
    crumbs = "".join(
        ellipse(pen.around(60, 190), pen.around(14, 14), pen.around(5, 2), pen.around(4, 2), thing.colour)
        for _ in range(12)
    )
    return pen.shadow(150, depth=38) + pile + leaning + crumbs


def cake(pen: Pen, thing: Thing) -> str:
    top = "M-190 -128L-120 -176L196 -168L150 -112z"
    front = "M-190 -128L150 -112V-6L-184 -20z"
    side = "M150 -112L196 -168V-62L150 -6z"
    pores = "".join(
        ellipse(
            pen.around(-20, 160),
            pen.around(-66, 44),
            pen.around(5, 2),
            pen.around(3, 1),
            lighter(thing.colour, -0.35),
            opacity=0.5,
        )
        for _ in range(50)
    )
    sugar = "".join(
        path(box(pen.around(0, 150), pen.around(-146, 18), 9, 7, 1), "#fff8ea", opacity=0.9) for _ in range(34)
    )
    slice_ = at(
        -206,
        14,
        pen.solid("M-56 -112L40 -120L52 -18L-44 -8z", lighter(thing.colour, 0.16), inside=at(0, 0, pores))
        + path("M-56 -112L-44 -8L-58 -12L-68 -108z", lighter(thing.colour, -0.3)),
        turn=-9,
    )
    return (
        pen.shadow(200, depth=46)
        + path(front, thing.colour)
        + f'<g clip-path="url(#{pen.clip(front)})">{pores}</g>'
        + path(side, lighter(thing.colour, -0.32))
        + path(top, lighter(thing.colour, -0.14))
        + f'<g clip-path="url(#{pen.clip(top)})">{sugar}</g>'
        + slice_
    )


def cheese(pen: Pen, thing: Thing) -> str:
    w = pen.around(186, 8)
    rind, paste = thing.second, thing.colour
    drum = pen.solid(
        f"M{-w} -140V-40Q{-w} 6 0 10Q{w} 6 {w} -40V-140z",
        rind,
        inside="".join(
            ellipse(
                pen.around(0, w),
                pen.around(-64, 60),
                pen.around(9, 5),
                pen.around(6, 3),
                lighter(rind, 0.35),
                opacity=0.35,
            )
            for _ in range(40)
        ),
    )
    top = ellipse(0, -140, w, 50, lighter(rind, 0.2)) + ellipse(0, -141, w - 16, 43, lighter(rind, 0.28), opacity=0.7)
    cut = path("M0 -141L150 -112V-14Q120 2 100 6L0 -36z", pen.across(lighter(paste, 0.1), paste)) + path(
        "M0 -141V-36L30 8Q24 9 18 9V-91z", lighter(paste, -0.2)
    )
    wedge = at(
        196,
        24,
        path("M-84 -66L62 -96L74 -74L-72 -42z", lighter(rind, 0.1))
        + path("M-84 -66L-72 -42V14L-84 -8z", lighter(rind, -0.25))
        + path("M-72 -42L74 -74V-16L-72 14z", pen.across(lighter(paste, 0.2), lighter(paste, -0.08)))
        + "".join(
            ellipse(x, y, r, r * 0.8, lighter(paste, -0.24), opacity=0.7)
            for x, y, r in ((-30, -26, 7), (12, -40, 9), (44, -32, 6), (-6, -8, 5))
        ),
    )
    return pen.shadow(w * 0.95, depth=46) + drum + top + cut + wedge


def chocolate(pen: Pen, thing: Thing) -> str:
    squares = "".join(
        pen.solid(
            box(-96 + 66 * i, -330 + 66 * j, 60, 60, 7),
            thing.colour,
            inside=path(
                f"M{-96 + 66 * i} {-330 + 66 * j}h60l-12 12h-36v36l-12 12z", lighter(thing.colour, 0.22), opacity=0.7
            ),
        )
        for i in range(3)
        for j in range(3)
    )
    bar = path(box(-104, -338, 208, 340, 8), lighter(thing.colour, -0.2)) + squares
    foil = path("M-110 -150L-70 -138L-24 -152L20 -136L66 -150L110 -138V6H-110z", "#d9cfae") + path(
        "M-110 -150L-70 -138L-24 -152L20 -136L66 -150L110 -138V-120H-110z", "#f3ecd2", opacity=0.7
    )
    sleeve = pen.solid(
        box(-114, -120, 228, 130, 5),
        thing.accent,
        inside=at(0, -56, EMBLEMS[thing.sign]("#f7efdf", lighter(thing.accent, 0.4)), scale=0.78)
        + path("M-114 -104H114V-98H-114zM-114 -10H114V-4H-114z", "#f7efdf", opacity=0.8),
    )
    return pen.shadow(120, depth=34) + at(0, 0, bar + foil + sleeve, turn=5)


def saucisson(pen: Pen, thing: Thing) -> str:
    def one(y: float, turn: float) -> str:
        skin = "M-190 -44C-200 -86 -150 -92 -120 -92H120C150 -92 200 -86 190 -44C196 -6 150 0 120 0H-120C-150 0 -196 -6 -190 -44z"
        bloom = "".join(
            ellipse(
                pen.around(0, 170), pen.around(-46, 40), pen.around(13, 7), pen.around(8, 4), "#fff3e6", opacity=0.28
            )
            for _ in range(40)
        )
        net = "".join(
            line(f"M{x} -96L{x + 46} 4M{x + 46} -96L{x} 4", "#efe2c4", 3, opacity=0.65) for x in range(-200, 190, 46)
        )
        tie = line("M-190 -46L-232 -58M-190 -46L-230 -34", "#efe2c4", 6)
        return at(0, y, tie + pen.solid(skin, thing.colour, inside=bloom + net), turn=turn)

    slices = "".join(
        at(
            96 + 44 * i,
            12 + 7 * i,
            ellipse(0, 0, 42, 38, thing.colour)
            + ellipse(-2, -1, 36, 32, lighter(thing.colour, 0.2))
            + "".join(ellipse(pen.around(-2, 24), pen.around(-1, 20), 5, 4, "#f6e3d6") for _ in range(9)),
        )
        for i in range(3)
    )
    return pen.shadow(200, depth=44) + one(-72, -4) + one(-14, 3) + slices


def fruitbox(pen: Pen, thing: Thing) -> str:
    """A crate with what the orchard gave."""
    fruits = "".join(
        at(
            -150 + 60 * i + pen.around(0, 6),
            -128 - 46 * row + pen.around(0, 6),
            ellipse(0, 0, 42, 42, pen.across(lighter(thing.colour, 0.2), lighter(thing.colour, -0.25)))
            + ellipse(-14, -15, 10, 8, "#ffffff", opacity=0.35)
            + line("M0 -34q4 -12 12 -14", "#5d4426", 5),
        )
        for row in (1, 0)
        for i in range(6 - row)
        if not (row and i == 0)
    )
    slats = "".join(
        pen.solid(
            box(-212, -112 + 56 * i, 424, 46, 3),
            thing.second,
            inside="".join(
                line(
                    f"M{pen.around(0, 200)} {-100 + 56 * i + pen.around(10, 8)}h{pen.around(70, 30)}",
                    lighter(thing.second, -0.25),
                    2.5,
                    opacity=0.5,
                )
                for _ in range(6)
            ),
        )
        for i in range(2)
    )
    posts = path(box(-206, -122, 26, 124, 2), lighter(thing.second, -0.2)) + path(
        box(180, -122, 26, 124, 2), lighter(thing.second, -0.3)
    )
    leaf = at(60, -196, path("M0 0C10 -40 50 -50 80 -40C70 -4 30 14 0 0z", "#6f8248"), turn=-10)
    return (
        pen.shadow(206, depth=44)
        + fruits
        + leaf
        + slats
        + posts
        + at(0, -54, EMBLEMS[thing.sign](thing.accent, mixed(thing.accent, thing.second, 0.5)), scale=0.6)
    )


def mushrooms(pen: Pen, thing: Thing) -> str:
    def one(x: float, s: float, turn: float) -> str:
        stem = pen.solid("M-34 0C-44 -60 -22 -110 -24 -140H24C22 -110 44 -60 34 0Q0 14 -34 0z", "#efe2c6")
        cap = pen.solid(
            "M-112 -130C-104 -230 104 -230 112 -130C60 -108 -60 -108 -112 -130z",
            thing.colour,
            inside=ellipse(-40, -186, 26, 13, "#ffffff", opacity=0.3),
        )
        return at(
            x,
            0,
            stem + path("M-104 -128Q0 -92 104 -128Q0 -116 -104 -128z", lighter(thing.colour, 0.5)) + cap,
            scale=s,
            turn=turn,
        )

    return pen.shadow(150, depth=38) + one(-92, 0.86, -9) + one(104, 0.72, 11) + one(6, 1.2, 2)

"""Banners: the country that a shop stands in, 1,600 by 480."""

from halles_local.pictures.emblems import EMBLEMS
from halles_local.pictures.pen import Pen, at, ellipse, lighter, line, mixed, path

WIDTH, HEIGHT = 1600, 480


def banner(land: str, ink: str, ground: str, sign: str) -> str:
    """``land``: mountain, sea, hills, lake, town, plain or causse."""
    pen = Pen(f"{land}-{ink}-{ground}-{sign}")
    sky = path(
        "M0 0H1600V480H0z",
        pen.across(mixed(ground, "#fff3da", 0.55), mixed(lighter(ground, 0.1), "#f3c9a0", 0.35), down=True),
    )
    sun_x = pen.around(1130, 240)
    sun = ellipse(sun_x, 150, 210, 210, pen.glow("#fff4cf", opacity=0.9)) + ellipse(sun_x, 150, 62, 62, "#fbe3a2")
    clouds = "".join(
        path(f"M{x} {y}q30 -34 66 -12q34 -40 74 -4q44 -14 56 16z", "#ffffff", opacity=0.5)
        for x, y in ((pen.around(260, 90), 110), (pen.around(760, 90), 76), (pen.around(1380, 90), 128))
    )
    far, middle, near = (mixed(lighter(ink, 0.45), ground, 0.45), lighter(ink, 0.22), lighter(ink, -0.06))
    drawing = (
        sky
        + sun
        + clouds
        + _far(pen, land, far)
        + _ridge(pen, 300, 34, middle)
        + _middle(pen, land, middle, ink)
        + _ridge(pen, 392, 24, near)
        + _near(pen, land, near, sign)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><defs>{"".join(pen.defs)}</defs>{drawing}</svg>'


def _ridge(pen: Pen, y: float, swing: float, colour: str) -> str:
    points = [f"M0 {pen.around(y, swing)}"]
    for x in range(0, 1600, 400):
        points.append(
            f"C{x + 130} {pen.around(y, swing * 1.6)} {x + 270} {pen.around(y, swing * 1.6)} {x + 400} {pen.around(y, swing)}"
        )
    return path("".join(points) + "V480H0z", pen.across(lighter(colour, 0.1), lighter(colour, -0.1)))


def _far(pen: Pen, land: str, colour: str) -> str:
    if land in ("mountain", "lake"):
        peaks = ""
        for x in range(-60, 1600, 190):
            top, wide = pen.around(130, 46), pen.around(190, 36)
            peaks += path(
                f"M{x - wide} 340L{x} {top}L{x + wide} 340z", lighter(colour, pen.dice.uniform(-0.1, 0.08))
            ) + path(
                f"M{x} {top}L{x - 44} {top + 58}L{x - 14} {top + 44}L{x + 8} {top + 64}L{x + 42} {top + 54}z",
                "#fdf7ea",
                opacity=0.85,
            )
        return peaks
    if land == "sea":
        waves = "".join(
            line(f"M{pen.around(200, 190) + 330 * (i % 5)} {262 + 12 * i}q22 -9 44 0t44 0", "#ffffff", 3, opacity=0.55)
            for i in range(9)
        )
        sails = "".join(
            at(
                x,
                268,
                path("M0 0L4 -78L46 -8z", "#fdf7ea")
                + path("M-4 -6L-4 -62L-30 -8z", lighter(colour, 0.6))
                + path("M-36 2H52L36 16H-24z", "#6d4a33"),
                scale=s,
            )
            for x, s in ((pen.around(420, 80), 0.8), (pen.around(980, 90), 1.1))
        )
        return path("M0 236H1600V480H0z", pen.across(lighter(colour, -0.12), lighter(colour, 0.1))) + waves + sails
    if land == "causse":
        return "".join(
            path(
                f"M{x} 350V{pen.around(196, 16)}L{x + pen.around(40, 14)} {pen.around(176, 12)}H{x + 240}L{x + 300} 350z",
                lighter(colour, pen.dice.uniform(-0.08, 0.1)),
            )
            for x in range(-80, 1600, 250)
        )
    return _ridge(pen, 236, 40, colour)


def _tree(pen: Pen, colour: str, tall: bool) -> str:
    if tall:
        return line("M0 0V-20", "#6d4a33", 7) + path(
            "M0 -120C20 -80 22 -30 0 -14C-22 -30 -20 -80 0 -120z",
            pen.across(lighter(colour, 0.12), lighter(colour, -0.25)),
        )
    return line("M0 0V-26", "#6d4a33", 8) + ellipse(
        0, -52, 38, 36, pen.across(lighter(colour, 0.16), lighter(colour, -0.25))
    )


def _house(pen: Pen, scale: float) -> str:
    wall, roof = pen.dice.choice(("#f3e4c8", "#eed8bb", "#f6ecd8")), pen.dice.choice(("#b5664a", "#a65a48", "#8b6f63"))
    window = path("M-22 -40h14v20h-14zM10 -40h14v20h-14z", "#8d9aa0")
    return (
        f'<g transform="scale({scale:g})">'
        + path("M-46 0V-62H46V0z", wall)
        + path("M18 0V-62H46V0z", "#2a1a10", opacity=0.12)
        + path("M-56 -58L0 -100L56 -58z", roof)
        + path("M22 -104h14v26h-14z", roof)
        + window
        + path("M-7 0V-28H7V0z", "#7d5a45")
        + "</g>"
    )


def _middle(pen: Pen, land: str, colour: str, ink: str) -> str:
    houses = {"town": 9, "sea": 4, "lake": 3}.get(land, 2)
    start = pen.around(560, 300)
    village = "".join(
        at(start + 86 * i, 330 + pen.around(0, 9), _house(pen, pen.around(0.8, 0.15))) for i in range(houses)
    )
    church = (
        at(
            start + 86 * (houses // 2) + 40,
            326,
            path("M-18 0V-120H18V0z", "#f3e4c8")
            + path("M0 0V-120H18V0z", "#2a1a10", opacity=0.12)
            + path("M-22 -118L0 -176L22 -118z", "#8b6f63"),
        )
        if houses > 2
        else ""
    )
    trees = "".join(
        at(
            pen.dice.uniform(20, 1580),
            pen.around(352, 16),
            _tree(pen, lighter(ink, pen.dice.uniform(-0.1, 0.2)), tall=land in ("mountain", "hills")),
            scale=pen.around(0.8, 0.2),
        )
        for _ in range(16)
    )
    water = (
        path("M0 352Q800 330 1600 352V420H0z", "#a9c3c6", opacity=0.85)
        + "".join(
            line(
                f"M{pen.dice.uniform(40, 1500):g} {pen.around(378, 16)}h{pen.around(60, 24)}", "#ffffff", 3, opacity=0.5
            )
            for _ in range(14)
        )
        if land == "lake"
        else ""
    )
    return church + village + water + trees


def _near(pen: Pen, land: str, colour: str, sign: str) -> str:
    rows = (
        "".join(
            line(f"M{-260 + 118 * i} 480Q{200 + 70 * i} 420 {430 + 44 * i} 396", lighter(colour, 0.26), 12, opacity=0.5)
            for i in range(18)
        )
        if land in ("hills", "plain", "causse")
        else ""
    )
    blooms = "".join(
        at(
            pen.dice.uniform(10, 1590),
            pen.around(446, 28),
            EMBLEMS[sign](lighter(colour, 0.55), lighter(colour, 0.3)),
            scale=pen.around(0.2, 0.06),
        )
        for _ in range(26)
    )
    return rows + blooms

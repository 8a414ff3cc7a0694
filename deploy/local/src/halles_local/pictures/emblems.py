"""Small signs for labels and logos, about 100 wide around the origin, in one or two colours. No letters."""

from collections.abc import Callable

from halles_local.pictures.pen import at, ellipse, line, path

Emblem = Callable[[str, str], str]


def leaf(ink: str, tone: str) -> str:
    blade = "M0 -50C34 -30 34 18 0 50C-34 18 -34 -30 0 -50z"
    return at(0, 0, path(blade, ink) + line("M0 -30V62M0 0L16 -14M0 20L18 4M0 0L-16 -14M0 20L-18 4", tone, 4), turn=28)


def sprig(ink: str, tone: str) -> str:
    blades = "".join(
        at(
            side * (9 + i),
            34 - i * 21,
            path("M0 0C10 -24 34 -26 44 -20C38 -2 18 8 0 0z", ink if i % 2 else tone),
        )
        if side > 0
        else f'<g transform="translate({-(9 + i)} {34 - i * 21}) scale(-1 1)">{path("M0 0C10 -24 34 -26 44 -20C38 -2 18 8 0 0z", ink)}</g>'
        for i in range(4)
        for side in (1, -1)
    )
    return line("M0 60C2 20 -2 -10 0 -52", ink, 5) + blades


def bee(ink: str, tone: str) -> str:
    wings = at(-20, -24, ellipse(0, 0, 15, 30, tone), turn=-38) + at(20, -24, ellipse(0, 0, 15, 30, tone), turn=38)
    bars = "".join(line(f"M{-w} {y}Q0 {y + 8} {w} {y}", tone, 7) for y, w in ((-6, 19), (12, 22), (30, 16)))
    return (
        wings
        + ellipse(0, 12, 24, 38, ink)
        + bars
        + ellipse(0, -34, 14, 13, ink)
        + line("M-6 -44Q-12 -60 -22 -60M6 -44Q12 -60 22 -60", ink, 4)
    )


def sun(ink: str, tone: str) -> str:
    rays = "".join(at(0, 0, line("M0 -40V-58", ink, 6), turn=30 * i) for i in range(12))
    return rays + ellipse(0, 0, 30, 30, ink) + ellipse(-6, -6, 18, 18, tone, opacity=0.5)


def mountain(ink: str, tone: str) -> str:
    return (
        path("M-64 44L-18 -40L4 -6L22 -28L64 44z", ink)
        + path("M-18 -40L-34 -10L-20 -18L-12 -4L-1 -14z", tone)
        + path("M22 -28L10 -8L22 -14L32 -10z", tone)
    )


def wave(ink: str, tone: str) -> str:
    rows = ((-26, ink), (2, tone), (30, ink))
    return "".join(line(f"M-60 {y}q15 -20 30 0t30 0t30 0t30 0", colour, 9) for y, colour in rows)


def flower(ink: str, tone: str) -> str:
    petals = "".join(
        at(0, 0, path("M0 -8C20 -26 14 -54 0 -58C-14 -54 -20 -26 0 -8z", ink), turn=60 * i) for i in range(6)
    )
    return petals + ellipse(0, 0, 14, 14, tone)


def olive(ink: str, tone: str) -> str:
    return (
        sprig(ink, ink).replace("scale(-1 1)", "scale(-.8 .8)")
        + at(26, 26, ellipse(0, 0, 17, 22, tone), turn=-20)
        + at(-24, -4, ellipse(0, 0, 15, 20, tone), turn=18)
    )


def wheat(ink: str, tone: str) -> str:
    grain = "M0 0C12 -8 16 -24 8 -34C-4 -26 -6 -10 0 0z"
    ears = "".join(
        f'<g transform="translate(0 {22 - 18 * i}) scale({side} 1) rotate(22)">{path(grain, ink if i % 2 else tone)}</g>'
        for i in range(4)
        for side in (1, -1)
    )
    return line("M0 62V-40", ink, 5) + ears + at(0, -32, path(grain, ink), turn=-8)


def fruit(ink: str, tone: str) -> str:
    body = "M0 -24C24 -46 56 -26 50 8C46 40 18 58 0 50C-18 58 -46 40 -50 8C-56 -26 -24 -46 0 -24z"
    return (
        path(body, ink)
        + line("M0 -24C0 -40 4 -50 12 -58", tone, 6)
        + path("M8 -40C20 -60 42 -58 50 -52C42 -36 24 -32 8 -40z", tone)
    )


def star(ink: str, tone: str) -> str:
    points = "M0 -56L13 -15L54 -17L20 8L34 48L0 23L-34 48L-20 8L-54 -17L-13 -15z"
    return path(points, ink) + ellipse(0, 2, 12, 12, tone)


def knot(ink: str, tone: str) -> str:
    """Two strands, for wool and weaving."""
    return "".join(
        line(f"M-52 {y}C-26 {y - 34} -14 {y + 34} 10 {y}S40 {y - 20} 52 {y}", colour, 11)
        for y, colour in ((-24, ink), (2, tone), (28, ink))
    )


def flame(ink: str, tone: str) -> str:
    return path("M0 -60C34 -24 44 8 30 34C20 54 -20 54 -30 34C-42 10 -14 -14 0 -60z", ink) + path(
        "M2 -12C18 8 20 22 12 34C6 42 -8 42 -14 34C-20 22 -4 8 2 -12z", tone
    )


def house(ink: str, tone: str) -> str:
    return (
        path("M-50 50V-8L0 -54L50 -8V50z", ink)
        + path("M-14 50V18Q0 2 14 18V50z", tone)
        + path("M24 -50h12v24h-12z", ink)
    )


def bird(ink: str, tone: str) -> str:
    body = "M-56 10C-34 -4 -20 -34 14 -34C34 -34 42 -18 58 -14C44 -6 42 30 2 36C-22 38 -40 24 -56 10z"
    return path(body, ink) + path("M-22 4C-4 -14 18 -10 26 -2C18 18 -6 24 -22 4z", tone) + ellipse(30, -18, 4, 4, tone)


EMBLEMS: dict[str, Emblem] = {
    "leaf": leaf,
    "sprig": sprig,
    "bee": bee,
    "sun": sun,
    "mountain": mountain,
    "wave": wave,
    "flower": flower,
    "olive": olive,
    "wheat": wheat,
    "fruit": fruit,
    "star": star,
    "knot": knot,
    "flame": flame,
    "house": house,
    "bird": bird,
}

"""Paints what the market shows, in processes beside the seed, and keeps it: the same drawing is painted once per machine."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zlib import crc32

from halles_local.pictures.colours import COLOURS
from halles_local.pictures.landscapes import HEIGHT, WIDTH, banner
from halles_local.pictures.scenes import SCENES, SIDE, logo
from halles_local.pictures.things import Thing

LOGO_SIDE = 480
VIEWS = tuple(SCENES)


def thing_of(look: str, *, sign: str, slug: str) -> Thing:
    """``look`` is a motif and three colours, for example ``jar amber cream brick``; a star asks for the motif's other form."""
    motif, *colours = look.split()
    colour, second, accent = (COLOURS[name] for name in colours)
    even = crc32(slug.encode()) // 2 * 2
    variant = even + 1 if motif.endswith("*") else even if motif == "toy" else crc32(slug.encode())
    return Thing(motif=motif.rstrip("*"), colour=colour, second=second, accent=accent, sign=sign, variant=variant)


def product_picture(folder: Path, look: str, sign: str, slug: str, view: str) -> bytes:
    """One view of a product; ``folder`` keeps what was painted before."""
    thing = thing_of(look, sign=sign, slug=slug)
    return _kept(folder, f"{view} {look} {sign} {slug}", lambda: _painted(SCENES[view](thing, slug), SIDE, SIDE))


def shop_picture(folder: Path, look: str, place: str) -> bytes:
    """A shop's ``logo`` or ``banner``; ``look`` is its land, two colours and its sign."""
    land, ink, ground, sign = look.split()
    ink, ground = COLOURS[ink], COLOURS[ground]
    if place == "logo":
        return _kept(folder, f"logo {look}", lambda: _painted(logo(sign, ink, ground), LOGO_SIDE, LOGO_SIDE))
    return _kept(folder, f"banner {look}", lambda: _painted(banner(land, ink, ground, sign), WIDTH, HEIGHT))


def _painted(svg: str, width: int, height: int) -> bytes:
    from halles_local.pictures.render import jpeg  # noqa: PLC0415 - 50 MB of library that a kept picture does not need

    return jpeg(svg, width, height)


def _kept(folder: Path, name: str, paint: Callable[[], bytes]) -> bytes:
    file = folder / f"{hashlib.sha256(f'{_edition()} {name}'.encode()).hexdigest()[:32]}.jpg"
    if file.exists():
        return file.read_bytes()
    data = paint()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{hashlib.sha256(name.encode()).hexdigest()[:8]}")
    fresh.write_bytes(data)
    fresh.rename(file)
    return data


@cache
def _edition() -> str:
    """Changes with every line of how pictures are drawn."""
    here = Path(__file__).parent
    sources = sorted(here.rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]

"""``python -m scripts.site_assets``: type, icons and htmx for the site, out of locked packages into ``static/vendor``.

The folder is not committed: ``make setup`` makes it, the same everywhere, from wheels whose hashes the lock holds.
Fonts are cut down to what French and English need, so a page loads about 75 kB of type.
"""

import io
import json
import sqlite3
from importlib.metadata import distribution
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).parents[1] / "services/web/src/web/static/vendor"
ICON_NAMES = Path(__file__).parents[1] / "services/web/src/web/icon_names.txt"
HTMX = ("django-htmx", "django_htmx/static/django_htmx/htmx-2.min.js")
LICENCES = ("django-htmx", "fontpkg-vollkorn", "fontpkg-libre-franklin", "python-lucide")
FONTS = (
    ("vollkorn", "fontpkg-vollkorn", "fontpkg_vollkorn/files/Vollkorn[wght].ttf", (400, 800)),
    ("vollkorn-italic", "fontpkg-vollkorn", "fontpkg_vollkorn/files/Vollkorn-Italic[wght].ttf", (400, 600)),
    ("franklin", "fontpkg-libre-franklin", "fontpkg_libre_franklin/files/LibreFranklin[wght].ttf", (400, 700)),
)
_LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
_MARKS = [ord(sign) for sign in "\u2009\u202f\u2010\u2011–—‘’‚“”„•…‹›€−←→↑↓"]
_FEATURES = ["kern", "liga", "lnum", "onum", "pnum", "tnum", "ccmp", "locl", "mark", "calt"]


def main() -> None:
    """Make every file; existing ones are replaced."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, package, path, weights in FONTS:
        (TARGET / f"{name}.woff2").write_bytes(small_font(_located(package, path), weights))
    (TARGET / "htmx.js").write_bytes(_located(*HTMX).read_bytes())
    (TARGET / "icons.json").write_text(json.dumps(icons(ICON_NAMES.read_text().split()), indent=0, sort_keys=True))
    (TARGET / "LICENCES.txt").write_text("\n\n".join(_licence(package) for package in LICENCES))


def small_font(path: Path, weights: tuple[int, int]) -> bytes:
    """The font as WOFF2 with Latin letters only and its weight axis limited to ``weights``."""
    font = TTFont(path)
    options = Options()
    options.layout_features, options.hinting = _FEATURES, False
    cutter = Subsetter(options)
    cutter.populate(unicodes=[*_LATIN, *_MARKS])
    cutter.subset(font)
    plain, packed = io.BytesIO(), io.BytesIO()
    font.save(plain)
    plain.seek(0)
    limited = instancer.instantiateVariableFont(TTFont(plain), {"wght": weights})
    limited.flavor = "woff2"
    limited.save(packed)
    return packed.getvalue()


def icons(names: list[str]) -> dict[str, str]:
    """The drawing inside each icon's ``svg`` element; the frame (24 by 24, stroke 2) is the site's."""
    store = sqlite3.connect(_located("python-lucide", "lucide/data/lucide-icons.db"))
    try:
        found = dict(store.execute("SELECT name, svg FROM icons"))
    finally:
        store.close()
    return {name: " ".join(found[name].split(">", 1)[1].rsplit("</svg>", 1)[0].split()) for name in names}


def _licence(package: str) -> str:
    files = [item for item in distribution(package).files or [] if item.name.startswith("LICENSE")]
    told = distribution(package).metadata
    texts = [Path(str(item.locate())).read_text() for item in files[:1]]
    return "\n".join([f"{told['Name']} {told['Version']}", "", *texts])


def _located(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


if __name__ == "__main__":
    main()

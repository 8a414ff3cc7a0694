"""Files that browsers keep: the style sheet made of all CSS, scripts, type. Each has its content's hash in its address."""

import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
_FIRST = ("tokens.css", "base.css")
_ORDER = "@layer tokens, base, components, site, pages;\n"
STYLES = "halles.css"


@dataclass(frozen=True, slots=True)
class Asset:
    """``packed`` is the content compressed with gzip, where that helps."""

    address: str
    media_type: str
    content: bytes
    packed: bytes | None


def static_url(name: str) -> str:
    """Address of a file of ours, or of the style sheet. A missing file stops the page: was ``make setup`` run?"""
    return _assets()[name].address


def served(path: str) -> Asset | None:
    """What an address below /static means; None for a stale hash too."""
    asset = _assets().get(path.removeprefix("/static/").partition("/")[2])
    return asset if asset is not None and asset.address == path else None


@cache
def _assets() -> dict[str, Asset]:
    found = {name: _asset(name, item.read_bytes()) for name, item in _walk(files("web") / "static", "")}
    found[STYLES] = _asset(STYLES, _styles(found).encode())
    return found


def _asset(name: str, content: bytes) -> Asset:
    kind = name.rsplit(".", 1)[-1]
    packed = None if kind in ("woff2", "png") else gzip.compress(content, 9, mtime=0)
    return Asset(f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}", _TYPES[kind], content, packed)


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        elif item.name.rsplit(".", 1)[-1] in _TYPES:
            yield prefix + item.name, item


def _styles(found: dict[str, Asset]) -> str:
    """Design first, pages after; layers keep their order. Files that CSS names get their hashed addresses."""
    design = sorted(
        (item for item in (files("web") / "design").iterdir() if item.name.endswith(".css")),
        key=lambda item: (item.name not in _FIRST, _FIRST.index(item.name) if item.name in _FIRST else 0, item.name),
    )
    pages = sorted((files("web") / "styles").iterdir(), key=lambda item: item.name)
    text = _ORDER + "\n".join(item.read_text() for item in (*design, *pages) if item.name.endswith(".css"))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\n\s*", "\n", text)
    return re.sub(r'url\("([\w./-]+)"\)', lambda hit: f'url("{found[hit[1]].address}")', text)

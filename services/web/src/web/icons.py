"""Icons as drawings inside the page. They come from a locked package; ``make setup`` picks those named in icon_names.txt."""

import json
from functools import cache
from importlib.resources import files

from markupsafe import Markup

_FRAME = '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>'


def icon(name: str, kind: str = "") -> Markup:
    """The icon's ``svg``, as tall as the text around it. An unknown name is a mistake of ours and raises KeyError."""
    return _drawn(name, kind)


@cache
def _drawn(name: str, kind: str) -> Markup:
    return Markup(_FRAME.format(f" {kind}" if kind else "", _drawings()[name]))  # noqa: S704 - our own files


@cache
def _drawings() -> dict[str, str]:
    found: dict[str, str] = json.loads((files("web") / "static/vendor/icons.json").read_bytes())
    return found

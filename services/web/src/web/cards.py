"""Cards of products, drawn once: shelves show the same cards again and again, and drawing them is most of a page's cost."""

from collections import OrderedDict
from typing import Any

import jinja2
from markupsafe import Markup

_MOST = 2_000


class Cards:
    """The least recently shown of ``_MOST`` cards is forgotten. The key is all that a card shows, so a card is never stale."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self._drawn: OrderedDict[str, Markup] = OrderedDict()

    def __call__(self, product: Any, rated: Any, from_whom: str, *, eager: bool, sizes: str) -> Markup:
        key = repr((product, rated, from_whom, eager, sizes))
        if (known := self._drawn.get(key)) is not None:
            self._drawn.move_to_end(key)
            return known
        macro: Any = self._environment.get_template("design/goods.html").module
        drawn: Markup = macro.fresh_card(product, rated, from_whom, eager, sizes)
        self._drawn[key] = drawn
        if len(self._drawn) > _MOST:
            self._drawn.popitem(last=False)
        return drawn

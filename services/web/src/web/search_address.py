"""The address of a search: filters are read from it, and links to the same search with one thing changed are made of it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

_NAMES = ("q", "category", "min_price", "max_price", "seller", "min_rating", "in_stock", "sort")
_PAGE_SIZE = 24
SORTS = ("relevance", "newest", "price", "-price", "rating")


class Filters:
    """Prices stand in the address as people type them (euros) and go to the API in cents."""

    def __init__(self, query: QueryParams) -> None:
        self.values = {name: query.get(name, "").strip() for name in _NAMES}
        page = query.get("page", "1")
        self.page = max(1, int(page)) if page.isdigit() and len(page) < 5 else 1

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def asked(self, language: str) -> dict[str, object]:
        """The API's parameters."""
        prices = {name: _cents(self.values[name]) for name in ("min_price", "max_price")}
        return {**self.values, **prices, "lang": language, "page": self.page, "limit": _PAGE_SIZE}

    def pages(self, total: int) -> int:
        return max(1, -(-total // _PAGE_SIZE))

    def with_(self, **changes: object) -> str:
        """Address of this search with something changed; a changed filter starts again at page 1."""
        return _address({**self.values, **changes})

    @property
    def without_filters(self) -> str:
        """The same words and order with nothing narrowed."""
        return _address({"q": self.values["q"], "sort": self.values["sort"]})

    @property
    def canonical(self) -> str:
        """The address of what is shown, in its plainest form: category and page."""
        return _address({"category": self.values["category"], "page": self.page if self.page > 1 else ""})

    @property
    def active(self) -> list[str]:
        """Names of the filters that narrow this search."""
        return [name for name in _NAMES if name not in ("q", "sort") and self.values[name]]


def _address(values: Mapping[str, object]) -> str:
    pairs = {name: value for name, value in values.items() if value not in ("", None)}
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def _cents(text: str) -> int | None:
    """``12``, ``12,5`` or ``12.50`` as cents; None for anything else."""
    whole, _, rest = text.replace(",", ".").partition(".")
    if not whole.isdigit() or len(whole) > 7 or (rest and not rest.isdigit()):
        return None
    return int(whole) * 100 + int((rest + "00")[:2])

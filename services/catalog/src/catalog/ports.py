"""The search engine, the store of pictures and the reader of pictures, as the use cases and consumers need them."""

from collections.abc import Sequence
from typing import Protocol

from catalog.domain.pictures import Renditions
from catalog.domain.search import Language, SearchQuery, SearchResult, Suggestions
from contracts.catalog import OfferState
from contracts.identity import SellerState
from contracts.review import RatingState


class SearchReader(Protocol):
    """Both calls raise ``SearchUnavailable`` when the engine is away or too slow."""

    async def search(self, query: SearchQuery) -> SearchResult: ...

    async def suggest(self, text: str, *, language: Language) -> Suggestions: ...


class SearchWriter(Protocol):
    """Each state comes with its sequence; what is older than what the index has is ignored.

    All raise ``edge.errors.Unavailable`` when the engine is away.
    """

    async def put_offers(self, states: Sequence[tuple[OfferState, int]]) -> None: ...

    async def put_shops(self, states: Sequence[tuple[SellerState, int]]) -> None: ...

    async def put_ratings(self, states: Sequence[tuple[RatingState, int]]) -> None: ...


class PictureReader(Protocol):
    async def read(self, upload: bytes) -> Renditions:
        """Check a hostile upload and convert it. Raises ``PictureRefused``, or ``Unavailable`` when too many wait."""
        ...


class MediaStore(Protocol):
    """Bytes by key. A key always means the same bytes. Both raise ``Unavailable`` when the store is away."""

    async def put(self, key: str, data: bytes) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

"""The search engine, as the use cases and consumers need it."""

from collections.abc import Sequence
from typing import Protocol

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

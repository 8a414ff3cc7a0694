"""Search and suggestions."""

from typing import Annotated

from fastapi import APIRouter, Query

from catalog.api.inputs import Id
from catalog.domain.listing import MAX_PRICE_MINOR
from catalog.domain.search import Language, SearchQuery, Sort
from catalog.domain.search_views import SearchView, SuggestionsView
from catalog.service.search import Finder
from edge.auth import anyone

Amount = Annotated[int | None, Query(ge=0, le=MAX_PRICE_MINOR)]


def router(finder: Finder) -> APIRouter:
    """Both answer 503 ``search-unavailable`` while the engine is away."""
    router = APIRouter(dependencies=[anyone()])

    @router.get("/v1/search")
    async def search(
        q: Annotated[str, Query(max_length=200)] = "",
        lang: Language = Language.FR,
        category: Annotated[Id | None, Query()] = None,
        min_price: Amount = None,
        max_price: Amount = None,
        seller: Annotated[list[Id], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
        min_rating: Annotated[int | None, Query(ge=1, le=5)] = None,
        in_stock: bool = False,
        sort: Sort = Sort.RELEVANCE,
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
        limit: Annotated[int, Query(ge=1, le=100)] = 24,
    ) -> SearchView:
        """Products on sale. Prices in minor units; ``category`` is an id or a slug; ``seller`` may be repeated."""
        query = SearchQuery(
            text=q.strip(),
            language=lang,
            category_id=category,
            seller_ids=tuple(seller),
            min_price=min_price,
            max_price=max_price,
            min_rating=min_rating,
            in_stock=in_stock,
            sort=sort,
            page=page,
            limit=limit,
        )
        return await finder.search(query)

    @router.get("/v1/suggestions")
    async def suggest(
        q: Annotated[str, Query(min_length=1, max_length=80)], lang: Language = Language.FR
    ) -> SuggestionsView:
        """What the words being typed may become."""
        return await finder.suggest(q.strip(), language=lang)

    return router

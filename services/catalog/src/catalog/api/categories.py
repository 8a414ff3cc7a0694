"""The category tree, and its care by operators."""

from typing import Annotated

from fastapi import APIRouter, Path

from catalog.api.inputs import CategoryChanges, Id, NewCategory
from catalog.api.pages import Page
from catalog.domain.views import CategoryView
from catalog.repository import categories
from catalog.service.categories import change_category, create_category
from chassis.db import Database
from edge.auth import allow, anyone


def router(db: Database) -> APIRouter:
    """Routes of the tree."""
    router = APIRouter()

    @router.get("/v1/categories", dependencies=[anyone()])
    async def read_tree() -> Page[CategoryView]:
        """The whole tree, parents before children."""
        async with db.reading() as tx:
            return Page(await categories.tree(tx), None)

    @router.post("/v1/operator/categories", status_code=201, dependencies=[allow("admin")])
    async def add(body: NewCategory) -> CategoryView:
        """Add a category; a slug is used once."""
        async with db.hot_transaction() as tx:
            return await create_category(
                tx, parent_id=body.parent_id, slug=body.slug, name=body.name.text(), position=body.position
            )

    @router.patch("/v1/operator/categories/{category_id}", dependencies=[allow("admin")])
    async def change(category_id: Annotated[Id, Path()], body: CategoryChanges) -> CategoryView:
        """Rename, reorder or move a category; it cannot move below itself."""
        async with db.hot_transaction() as tx:
            return await change_category(tx, category_id, change=body.change())

    return router

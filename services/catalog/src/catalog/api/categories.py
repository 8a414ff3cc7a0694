"""The category tree, and its care by operators."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic_core import to_json

from catalog.api.inputs import CategoryChanges, Id, NewCategory
from catalog.api.pages import Page
from catalog.domain.views import CategoryView
from catalog.repository import categories
from catalog.service.categories import change_category, create_category
from chassis.db import Database
from edge import idempotency
from edge.auth import Principal, allow, anyone
from edge.idempotency import IdempotencyKey


def router(db: Database) -> APIRouter:
    """Routes of the tree."""
    router = APIRouter()

    @router.get("/v1/categories", dependencies=[anyone()])
    async def read_tree() -> Page[CategoryView]:
        """The whole tree, parents before children."""
        async with db.reading() as tx:
            return Page(await categories.tree(tx), None)

    @router.post("/v1/operator/categories", status_code=201, response_model=CategoryView)
    async def add(
        body: NewCategory,
        caller: Annotated[Principal, allow("admin")],
        key: Annotated[IdempotencyKey, idempotency.optional()],
    ) -> Response:
        """Add a category; a slug is used once."""
        async with db.hot_transaction() as tx:
            if replayed := await key.replay(tx, caller):
                return replayed
            made = await create_category(
                tx, parent_id=body.parent_id, slug=body.slug, name=body.name.text(), position=body.position
            )
            return await key.store(tx, caller, 201, to_json(made))

    @router.patch("/v1/operator/categories/{category_id}", dependencies=[allow("admin")])
    async def change(category_id: Annotated[Id, Path()], body: CategoryChanges) -> CategoryView:
        """Rename, reorder or move a category; it cannot move below itself."""
        async with db.hot_transaction() as tx:
            return await change_category(tx, category_id, change=body.change())

    return router

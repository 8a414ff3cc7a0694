"""Statements on the category tree and on the shelves that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.domain.categories import Path
from catalog.domain.views import CategoryView
from chassis.db import HotTransaction
from contracts.values import LocalText

_ALL = "SELECT category_id, parent_id, slug, name_fr, name_en, position FROM categories ORDER BY cardinality(path), position, slug"
_LOCK_TREE = "LOCK TABLE categories IN SHARE ROW EXCLUSIVE MODE"
_PATH = "SELECT path FROM categories WHERE category_id = %s"
_INSERT = """
INSERT INTO categories (category_id, parent_id, path, slug, name_fr, name_en, position)
VALUES (%(category_id)s, %(parent_id)s, %(path)s, %(slug)s, %(name_fr)s, %(name_en)s, %(position)s)
ON CONFLICT (slug) DO NOTHING
"""
_SLUG_OWNER = "SELECT category_id FROM categories WHERE slug = %s"
_DESCRIBE = """
UPDATE categories SET slug = coalesce(%(slug)s, slug), name_fr = coalesce(%(name_fr)s, name_fr),
       name_en = coalesce(%(name_en)s, name_en), position = coalesce(%(position)s, position)
WHERE category_id = %(category_id)s
"""
_SUBTREE = "SELECT path FROM categories WHERE %s = ANY(path) ORDER BY category_id"
_SET_PARENT = "UPDATE categories SET parent_id = %s WHERE category_id = %s"
_SET_PATHS = """
UPDATE categories c SET path = string_to_array(n.path, '/')
FROM unnest(%(ids)s::text[], %(paths)s::text[]) AS n (category_id, path)
WHERE c.category_id = n.category_id
"""
_PRODUCTS = "SELECT product_id FROM products WHERE category_id = ANY(%s) ORDER BY product_id"
_CLEAR_SHELVES = "DELETE FROM shelves WHERE product_id = ANY(%(products)s) AND shelf_id = ANY(%(left)s)"
_FILL_SHELVES = """
INSERT INTO shelves (shelf_id, created_at, product_id)
SELECT unnest(%(entered)s::text[]), p.created_at, p.product_id FROM products p
WHERE p.product_id = ANY(%(products)s) AND EXISTS (SELECT FROM offers o WHERE o.product_id = p.product_id)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """A category about to be stored."""

    category_id: str
    parent_id: str | None
    path: Path
    slug: str
    name: LocalText
    position: int


async def tree(tx: HotTransaction) -> list[CategoryView]:
    """The whole tree, parents before children."""
    return [_view(row) for row in await tx.rows(_ALL)]


async def lock_tree(tx: HotTransaction) -> None:
    """One change of the tree at a time, so that two moves cannot make a cycle together."""
    await tx.execute(_LOCK_TREE)


async def path_of(tx: HotTransaction, category_id: str) -> Path | None:
    row = await tx.row(_PATH, (category_id,))
    return tuple(row["path"]) if row else None


async def insert(tx: HotTransaction, category: CategoryRow) -> bool:
    """False when the slug is taken."""
    params = {
        "category_id": category.category_id,
        "parent_id": category.parent_id,
        "path": list(category.path),
        "slug": category.slug,
        "name_fr": category.name.fr,
        "name_en": category.name.en,
        "position": category.position,
    }
    return await tx.count(_INSERT, params) == 1


async def slug_owner(tx: HotTransaction, slug: str) -> str | None:
    row = await tx.row(_SLUG_OWNER, (slug,))
    return row["category_id"] if row else None


async def describe(tx: HotTransaction, category_id: str, changes: dict[str, Any]) -> None:
    """Set what is not None of ``slug``, ``name_fr``, ``name_en`` and ``position``."""
    await tx.execute(_DESCRIBE, {"category_id": category_id, **changes})


async def subtree(tx: HotTransaction, category_id: str) -> list[Path]:
    """Paths of the category and all below it."""
    return [tuple(row["path"]) for row in await tx.rows(_SUBTREE, (category_id,))]


async def move(tx: HotTransaction, category_id: str, *, parent_id: str | None, paths: dict[str, Path]) -> None:
    """Hang the category below ``parent_id`` and store the new paths of its subtree."""
    await tx.execute(_SET_PARENT, (parent_id, category_id))
    await tx.execute(_SET_PATHS, {"ids": list(paths), "paths": ["/".join(path) for path in paths.values()]})


async def products_in(tx: HotTransaction, category_ids: Sequence[str]) -> list[str]:
    """Products directly in one of these categories."""
    return [row["product_id"] for row in await tx.rows(_PRODUCTS, (list(category_ids),))]


async def reshelve(
    tx: HotTransaction, product_ids: Sequence[str], *, left: Sequence[str], entered: Sequence[str]
) -> None:
    """Take offered products off the shelves of categories that they left, onto those that they entered."""
    params = {"products": list(product_ids), "left": list(left), "entered": list(entered)}
    await tx.execute(_CLEAR_SHELVES, params)
    await tx.execute(_FILL_SHELVES, params)


def _view(row: dict[str, Any]) -> CategoryView:
    return CategoryView(
        category_id=row["category_id"],
        parent_id=row["parent_id"],
        slug=row["slug"],
        name=LocalText(fr=row["name_fr"], en=row["name_en"]),
        position=row["position"],
    )

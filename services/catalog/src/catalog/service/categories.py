"""Growing and pruning the category tree. Moving a branch re-lists its products and announces their offers."""

from dataclasses import dataclass

from catalog.domain import categories as tree
from catalog.domain.errors import Invalid, SlugTaken
from catalog.domain.views import CategoryView
from catalog.repository import categories, offers
from catalog.repository.categories import CategoryRow
from catalog.service.announcements import announce
from chassis.db import HotTransaction
from contracts.ids import new_id
from contracts.values import LocalText
from edge.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChange:
    """What an operator changes; None leaves a part as it is. ``is_moved`` tells ``parent_id`` None (a root) from unchanged."""

    slug: str | None = None
    name: LocalText | None = None
    position: int | None = None
    parent_id: str | None = None
    is_moved: bool = False


async def create_category(
    tx: HotTransaction, *, parent_id: str | None, slug: str, name: LocalText, position: int
) -> CategoryView:
    """Add a category below ``parent_id``, or a root."""
    await categories.lock_tree(tx)
    category_id = new_id("cat")
    path = tree.path_below(await _path_of_parent(tx, parent_id), category_id)
    row = CategoryRow(category_id=category_id, parent_id=parent_id, path=path, slug=slug, name=name, position=position)
    if not await categories.insert(tx, row):
        raise _slug_taken(slug)
    return CategoryView(category_id=category_id, parent_id=parent_id, slug=slug, name=name, position=position)


async def change_category(tx: HotTransaction, category_id: str, *, change: CategoryChange) -> CategoryView:
    """Rename, reorder or move a category."""
    await categories.lock_tree(tx)
    path = await categories.path_of(tx, category_id)
    if path is None:
        raise NotFound("There is no such category.")
    if change.slug and await categories.slug_owner(tx, change.slug) not in (None, category_id):
        raise _slug_taken(change.slug)
    if change.is_moved:
        await _move(tx, path, parent_id=change.parent_id)
    name = change.name
    described = {"slug": change.slug, "position": change.position}
    words = {"name_fr": name.fr if name else None, "name_en": name.en if name else None}
    await categories.describe(tx, category_id, described | words)
    return next(view for view in await categories.tree(tx) if view.category_id == category_id)


async def _move(tx: HotTransaction, path: tree.Path, *, parent_id: str | None) -> None:
    category_id = path[-1]
    parent = await _path_of_parent(tx, parent_id)
    if parent == path[:-1]:
        return
    subtree = await categories.subtree(tx, category_id)
    await categories.move(tx, category_id, parent_id=parent_id, paths=tree.moved_paths(path, parent, subtree))
    products = await categories.products_in(tx, [below[-1] for below in subtree])
    await categories.reshelve(tx, products, left=path[:-1], entered=parent)
    await announce(tx, await offers.touch_of_products(tx, products))


async def _path_of_parent(tx: HotTransaction, parent_id: str | None) -> tree.Path:
    if parent_id is None:
        return ()
    path = await categories.path_of(tx, parent_id)
    if path is None:
        raise Invalid.at("/parent_id", "unknown", "There is no such category.")
    return path


def _slug_taken(slug: str) -> SlugTaken:
    return SlugTaken(f"Another category has the slug {slug}.")

"""The category tree: every category keeps its path from the root to itself."""

from collections.abc import Sequence

from catalog.domain.errors import CategoryCycle, CategoryTooDeep

MAX_DEPTH = 6
Path = tuple[str, ...]


def path_below(parent: Path, category_id: str) -> Path:
    """The path of a category under ``parent`` (empty for a root); refuses cycles and too deep a tree."""
    if category_id in parent:
        raise CategoryCycle("The new parent lies below this category.")
    if len(parent) >= MAX_DEPTH:
        raise CategoryTooDeep(f"A category tree has at most {MAX_DEPTH} levels.")
    return (*parent, category_id)


def moved_paths(moved: Path, parent: Path, subtree: Sequence[Path]) -> dict[str, Path]:
    """New path by category id for ``subtree`` (the moved category and all below it) under its new parent."""
    category_id = moved[-1]
    top = path_below(parent, category_id)
    found: dict[str, Path] = {}
    for path in subtree:
        tail = path[len(moved) :]
        if len(top) + len(tail) > MAX_DEPTH:
            raise CategoryTooDeep(f"A category tree has at most {MAX_DEPTH} levels.")
        found[path[-1]] = top + tail
    return found

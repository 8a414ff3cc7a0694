"""Paths in the category tree."""

import pytest

from catalog.domain.categories import MAX_DEPTH, moved_paths, path_below
from catalog.domain.errors import CategoryCycle, CategoryTooDeep


def test_a_moved_branch_keeps_its_inside() -> None:
    subtree = [("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d")]

    paths = moved_paths(("a", "b"), ("x",), subtree)

    assert paths == {"b": ("x", "b"), "c": ("x", "b", "c"), "d": ("x", "b", "c", "d")}


def test_nothing_lies_below_itself() -> None:
    with pytest.raises(CategoryCycle):
        moved_paths(("a",), ("a", "b"), [("a",), ("a", "b")])


def test_the_tree_ends_at_its_greatest_depth() -> None:
    deepest = tuple(str(n) for n in range(MAX_DEPTH))

    assert len(path_below(deepest[:-1], "x")) == MAX_DEPTH
    with pytest.raises(CategoryTooDeep):
        path_below(deepest, "x")
    with pytest.raises(CategoryTooDeep):
        moved_paths(("a",), deepest[:-1], [("a",), ("a", "b")])

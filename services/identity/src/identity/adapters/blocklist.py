"""The shipped list of common words."""

from importlib import resources


def common_words() -> frozenset[str]:
    """Lower-case words; lines that begin with ``#`` are remarks."""
    text = resources.files("identity.adapters").joinpath("common_words.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))

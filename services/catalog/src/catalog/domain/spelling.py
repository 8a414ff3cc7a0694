"""Comparing words as people type them: without accents, without case."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """``Épicerie`` -> ``epicerie``."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def begins_a_word(typed: str, name: str) -> bool:
    """True when ``name``, read from one of its words on, begins like what was typed."""
    wanted = " ".join(_WORD.findall(folded(typed)))
    words = _WORD.findall(folded(name))
    return bool(wanted) and any(" ".join(words[start:]).startswith(wanted) for start in range(len(words)))

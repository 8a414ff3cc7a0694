"""What a password must be: long, and not one that guessers try first (NIST 800-63B-4, ASVS 6.2).

No composition rules, nothing normalised, nothing truncated. A password is refused as common when little is left of it
after taking away keyboard runs, repetitions, years and at most two words from the head of leaked lists, from the product
or from the person's own name and address. This covers the lists' long entries without shipping them.
"""

import re
from collections.abc import Collection, Iterator

from edge.errors import Violation
from identity.domain.errors import PasswordRefused

SHORTEST, LONGEST = 15, 128
_LEFT_OVER = 5
_SHORTEST_CHUNK = 12
_FEWEST_CHARACTERS = 5
_MOST_WORDS = 2
_SHORTEST_RUN = 3
_SHORTEST_PERSONAL_WORD = 4
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2b3c4d5e6f7g8h9i",
    "a1b2c3d4e5f6g7h8i9",
    "11223344556677889900",
    "aabbccddeeffgghhii",
    "!@#$%^&*()",
    "147258369",
    "159753",
)
_RUNS = tuple(run for row in _ROWS for run in (row, row[::-1]))
_DATE = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.)\1{2,}")
_LEET = str.maketrans("@4310$5!7", "aaeiossit")


def check_password(password: str, *, blocked: Collection[str], personal: Collection[str], pointer: str) -> None:
    """Raise ``PasswordRefused`` with the reason. ``pointer`` names the field, ``personal`` the person's own words."""
    if len(password) < SHORTEST:
        _refuse(pointer, "password-too-short", f"Use at least {SHORTEST} characters; a few words make a good password.")
    if len(password) > LONGEST:
        _refuse(pointer, "password-too-long", f"Use at most {LONGEST} characters.")
    words = {*blocked, *_personal_words(personal)}
    if _is_guessable(password.casefold(), words):
        _refuse(pointer, "password-too-common", "This password is easy to guess. Use a few unrelated words.")


def _refuse(pointer: str, code: str, detail: str) -> None:
    raise PasswordRefused(detail, errors=[Violation(pointer=pointer, code=code, detail=detail)])


def _personal_words(texts: Collection[str]) -> Iterator[str]:
    for text in texts:
        yield from (word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= _SHORTEST_PERSONAL_WORD)


def _is_guessable(text: str, words: Collection[str]) -> bool:
    if text.isdigit() or len(set(text)) < _FEWEST_CHARACTERS:
        return True
    chunk = _repeated_chunk(text)
    if len(chunk) < min(len(text), _SHORTEST_CHUNK):
        return True
    rest, taken = _without_words(chunk, words)
    rest = _without_runs(_DATE.sub("", rest))
    return len(_REPEATED.sub("", rest)) < _LEFT_OVER and taken <= _MOST_WORDS


def _repeated_chunk(text: str) -> str:
    """The shortest text whose repetition gives ``text`` (its end may be cut off)."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def _without_words(text: str, words: Collection[str]) -> tuple[str, int]:
    """``text`` without blocked words, longest first, also in leet writing, and how many different ones there were."""
    taken = 0
    for word in sorted(words, key=len, reverse=True):
        found = False
        while (at := _find(text, word)) >= 0:
            text, found = text[:at] + text[at + len(word) :], True
        taken += found
    return text, taken


def _find(text: str, word: str) -> int:
    at = text.find(word)
    return at if at >= 0 else text.translate(_LEET).find(word)


def _without_runs(text: str) -> str:
    kept, at = [], 0
    while at < len(text):
        size = _run_length(text[at:])
        if size < _SHORTEST_RUN:
            kept.append(text[at])
        at += max(size if size >= _SHORTEST_RUN else 1, 1)
    return "".join(kept)


def _run_length(text: str) -> int:
    """Length of the longest start of ``text`` that follows a keyboard row, the alphabet or counting."""
    size = _SHORTEST_RUN
    if not any(text[:size] in run for run in _RUNS):
        return 0
    while size < len(text) and any(text[: size + 1] in run for run in _RUNS):
        size += 1
    return size

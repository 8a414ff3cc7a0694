"""What a picture is of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """``colour`` of what it is made of or filled with, ``second`` of its other part, ``accent`` of print and bands.

    ``sign`` is an emblem; ``variant`` tells pictures of like things apart.
    """

    motif: str
    colour: str
    second: str
    accent: str
    sign: str
    variant: int

"""A mail before it is rendered: what it says, in one language, for the two templates."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: what it is and, at the right, what it costs or how many."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list, for example one shop's part of an order. ``sum`` closes it."""

    title: str
    rows: tuple[Row, ...]
    sum: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``preview`` is what mail programs show beside the subject."""

    locale: str
    subject: str
    preview: str
    greeting: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    facts: tuple[Row, ...] = ()
    button: Button | None = None
    small_print: tuple[str, ...] = field(default_factory=tuple)

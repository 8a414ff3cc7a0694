"""Every event class of the platform by its type."""

from contracts import catalog, gateway, identity, logistics, order, payment, review
from contracts.envelope import split_type
from contracts.event import Event

MODULES = (catalog, gateway, identity, logistics, order, payment, review)
BY_TYPE: dict[str, type[Event]] = {event.type: event for module in MODULES for event in module.EVENTS}


def _majors() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for type_ in BY_TYPE:
        name, major = split_type(type_)
        found.setdefault(name, set()).add(major)
    return {name: frozenset(majors) for name, majors in found.items()}


MAJORS = _majors()
"""Known major versions by type name without its version."""

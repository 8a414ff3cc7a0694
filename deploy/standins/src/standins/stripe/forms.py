"""Stripe's bracketed form encoding: `a[b][0][c]=1` becomes nested objects and lists of texts."""

from typing import Any
from urllib.parse import parse_qsl

from standins.stripe.errors import invalid_parameter
from standins.stripe.shape import JsonObject

_DEEPEST = 8


def decode_form(raw: bytes) -> JsonObject:
    """Return the parameters; every leaf is a text, types are given by the operation's description."""
    root: JsonObject = {}
    for name, value in parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True):
        _put(root, name, value)
    return {name: _lists(value) for name, value in root.items()}


def _put(root: JsonObject, name: str, value: str) -> None:
    parts = name.replace("]", "").split("[")
    if len(parts) > _DEEPEST:
        raise invalid_parameter(f"Invalid parameter name: {name}", code="parameter_unknown", param=name)
    node: Any = root
    for part in parts[:-1]:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            raise invalid_parameter(f"Invalid object: {name}", code="parameter_invalid_empty", param=name)
    last = parts[-1]
    node[str(len(node)) if last == "" else last] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(part) for name, part in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner

"""Compares JSON with the SDK's generated classes: unknown fields, missing ones, wrong types, unknown enum values."""

import inspect
import types
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe._object_classes import get_object_class
from stripe._stripe_object import StripeObject

_SCALARS = (int, str, bool, float)


def deviations(body: Any, *, path: str = "") -> list[str]:
    """Return what the SDK's class for `body["object"]` does not say about the body; empty when all is well."""
    if not isinstance(body, dict) or body.get("deleted") is True:
        return []
    name = body.get("object")
    if not isinstance(name, str) or name == "list":
        return [
            note
            for index, item in enumerate(body.get("data", []))
            for note in deviations(item, path=f"{path}[{index}]")
        ]
    described = get_object_class("V2" if name.startswith("v2.") else "V1", name)
    if described is StripeObject or described is stripe.StripeObject:
        return [f"{path}: the SDK knows no object {name!r}"]
    return _compare(body, described, path=f"{path}.{name}")


def _compare(body: dict[str, Any], described: type, *, path: str) -> list[str]:
    hints = {name: hint for base in described.__mro__ for name, hint in inspect.get_annotations(base).items()}
    notes = [f"{path}.{name}: unknown field" for name in body if name not in hints]
    for name, hint in hints.items():
        if name.isupper() or name.startswith("_"):
            continue
        if name in body:
            notes += _value(body[name], hint, path=f"{path}.{name}")
        elif not _is_optional(hint):
            notes.append(f"{path}.{name}: missing")
    return notes


def _value(value: Any, hint: Any, *, path: str) -> list[str]:
    arms = _arms(hint)
    if value is None:
        return [] if _is_optional(hint) or Any in arms else [f"{path}: null is not described"]
    if isinstance(value, dict):
        return _structure(value, arms, path=path)
    if isinstance(value, list):
        return _items(value, arms, path=path)
    allowed = [item for arm in arms if get_origin(arm) is Literal for item in get_args(arm)]
    if allowed and isinstance(value, str):
        return [] if value in allowed else [f"{path}: {value!r} is not one of the described values"]
    scalars = tuple(arm for arm in arms if arm in _SCALARS)
    has_reference = any(isinstance(arm, (str, ForwardRef)) for arm in arms)
    return [] if isinstance(value, scalars) or has_reference else [f"{path}: {type(value).__name__} is not described"]


def _structure(value: dict[str, Any], arms: list[Any], *, path: str) -> list[str]:
    if isinstance(value.get("object"), str):
        return deviations(value, path=path)
    classes = [arm for arm in arms if isinstance(arm, type) and issubclass(arm, StripeObject)]
    return _compare(value, classes[0], path=path) if classes else []


def _items(value: list[Any], arms: list[Any], *, path: str) -> list[str]:
    inner = next((get_args(arm)[0] for arm in arms if get_origin(arm) is list), None)
    if inner is None:
        return [f"{path}: a list is not described"]
    return [note for index, item in enumerate(value) for note in _value(item, inner, path=f"{path}[{index}]")]


def _arms(hint: Any) -> list[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        return [inner for arm in get_args(hint) for inner in _arms(arm)]
    return [hint]


def _is_optional(hint: Any) -> bool:
    return type(None) in _arms(hint)

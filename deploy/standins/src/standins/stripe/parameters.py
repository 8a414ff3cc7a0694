"""Checks and types request parameters as the Stripe SDK's own classes describe them (`parameters.json`)."""

from importlib.resources import files
from typing import Any

import orjson

from standins.stripe.errors import StripeError, invalid_parameter
from standins.stripe.shape import JsonObject

_DESCRIBED: JsonObject = orjson.loads(files("standins.stripe").joinpath("parameters.json").read_bytes())
_BIGGEST = 2**63


def check_parameters(operation: str, given: JsonObject) -> JsonObject:
    """Return the parameters with their types, or refuse the first wrong one as Stripe would."""
    return _object(_DESCRIBED[operation], given, path="")


def _object(described: JsonObject, given: Any, *, path: str) -> JsonObject:
    if not isinstance(given, dict):
        raise invalid_parameter("Invalid object", code=None, param=path)
    fields = described["fields"]
    for name in given:
        if name not in fields:
            raise _unknown(_join(path, name))
    for name in described.get("required", ()):
        if given.get(name) in (None, ""):
            raise _missing(_join(path, name))
    return {name: _value(fields[name], value, path=_join(path, name)) for name, value in given.items()}


def _value(node: Any, value: Any, *, path: str) -> Any:
    if isinstance(node, str):
        return _leaf(node, value, path=path)
    if value == "" and (node.get("unset") or "enum" in node):
        return None
    if "fields" in node:
        return _object(node, value, path=path)
    if "list" in node:
        return _list(node["list"], value, path=path)
    if "enum" in node:
        return _enum(node["enum"], value, path=path)
    if "either" in node:
        scalar, structured = node["either"]
        return _value(structured if isinstance(value, dict) else scalar, value, path=path)
    return _value(node["of"], value, path=path)


def _list(node: Any, value: Any, *, path: str) -> list[Any]:
    if value == "":
        return []
    if not isinstance(value, list):
        raise invalid_parameter("Invalid array", code=None, param=path)
    return [_value(node, item, path=f"{path}[{index}]") for index, item in enumerate(value)]


def _enum(allowed: list[str], value: Any, *, path: str) -> Any:
    if value in allowed:
        return value
    listed = ", ".join(str(item) for item in allowed if item != "")
    raise invalid_parameter(f"Invalid {path}: must be one of {listed}", code=None, param=path)


def _leaf(kind: str, value: Any, *, path: str) -> Any:
    if kind == "any":
        return value
    if kind == "map":
        return _map(value, path=path)
    if isinstance(value, dict | list):
        raise invalid_parameter("Invalid string", code=None, param=path)
    if kind == "int":
        return _integer(value, path=path)
    if kind == "bool":
        return _boolean(value, path=path)
    return value


def _map(value: Any, *, path: str) -> JsonObject:
    if value == "":
        return {}
    if isinstance(value, dict):
        return value
    raise invalid_parameter("Invalid object", code=None, param=path)


def _integer(value: Any, *, path: str) -> int:
    text = str(value)
    if not text.lstrip("-").isdigit() or abs(int(text)) >= _BIGGEST:
        raise invalid_parameter(f"Invalid integer: {text[:40]}", code="parameter_invalid_integer", param=path)
    return int(text)


def _boolean(value: Any, *, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise invalid_parameter(f"Invalid boolean: {value}", code=None, param=path)
    return bool(value == "true")


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _unknown(param: str) -> StripeError:
    return invalid_parameter(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def _missing(param: str) -> StripeError:
    return invalid_parameter(f"Missing required param: {param}.", code="parameter_missing", param=param)

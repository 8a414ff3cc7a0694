"""Lists in the environment: comma-separated words."""


def split_list(value: object) -> object:
    """``"a, b"`` -> ``("a", "b")``; anything else is left to pydantic."""
    if not isinstance(value, str):
        return value
    return tuple(word for part in value.split(",") if (word := part.strip()))

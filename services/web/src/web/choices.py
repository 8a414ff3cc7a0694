"""What a visitor chose, kept in cookies of ours: light, grid or list or map, their department, whether visits may be counted, pieces in the
basket, and that they were about to pay when they went to make an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

THEMES, VIEWS, CONSENTS = ("auto", "light", "dark"), ("grid", "list", "map"), ("yes", "no")
_PREFIX = "__Host-halles-"
_DAY = 86_400
_LASTS = {
    "theme": 365 * _DAY,
    "view": 365 * _DAY,
    "consent": 180 * _DAY,
    "visit": 1_800,
    "basket": 90 * _DAY,
    "after": 3_600,
    "near": 180 * _DAY,
}


@dataclass(slots=True)
class Choices:
    """Read from the request's cookies; changes are written to the answer. Unknown values count as nothing."""

    cookies: Mapping[str, str]
    _changed: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self._changed.get(name, self.cookies.get(_PREFIX + name, ""))

    def __setitem__(self, name: str, value: str) -> None:
        """An empty value takes the cookie away."""
        if self[name] != value or name == "visit":
            self._changed[name] = value

    def one_of(self, name: str, known: tuple[str, ...], default: str = "") -> str:
        return self[name] if self[name] in known else default

    def write(self, response: Response) -> None:
        for name, value in self._changed.items():
            if value:
                response.set_cookie(
                    _PREFIX + name, value, max_age=_LASTS[name], secure=True, httponly=True, samesite="lax"
                )
            else:
                response.delete_cookie(_PREFIX + name, secure=True, httponly=True, samesite="lax")

"""Writes from other sites are refused: Sec-Fetch-Site decides, Origin where a browser does not send it (S39, as Go 1.25 does)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})


class OriginCheck:
    """``allowed`` are whole origins (scheme://host:port) that may write with the browser's cookies."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = frozenset(allowed)

    def accepts(self, method: str, headers: Headers) -> bool:
        """Programs send neither header and pass; browsers send at least one of them with every write."""
        return method in _SAFE or self.is_own(headers)

    def is_own(self, headers: Headers) -> bool:
        """The request was not made by a page of somebody else."""
        origin = headers.get("origin")
        if origin is not None and origin in self._allowed:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in _OWN
        return origin is None or urlsplit(origin).netloc == headers.get("host")

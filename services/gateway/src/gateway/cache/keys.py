"""When two requests are the same question: same path, same query. The language of an answer is a query parameter."""

from urllib.parse import parse_qsl

from starlette.types import Scope

from gateway.table.route import CachePolicy

_LONGEST_QUERY = 512
_SEARCH = b"/v1/search"


def key_of(scope: Scope) -> bytes:
    """Path and raw query; two orders of parameters are two keys, which costs a miss and never a wrong answer.

    A search of a visit that agreed to be counted is its own question: it has to reach the view that counts it.
    """
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    key = path + b"?" + query if query else path
    return key + b"#" + _visit(scope) if path == _SEARCH else key


def _visit(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"halles-visit"), b"")


def is_cacheable(policy: CachePolicy, query: bytes) -> bool:
    """Only known parameters, and only the first pages: nobody can fill the cache with noise."""
    if len(query) > _LONGEST_QUERY:
        return False
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if any(name not in policy.parameters for name, _ in pairs):
        return False
    page = dict(pairs).get("page", "1")
    return page.isdigit() and int(page) <= policy.max_page

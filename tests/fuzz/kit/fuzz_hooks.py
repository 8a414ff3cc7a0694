"""What schemathesis loads beside its own checks (SCHEMATHESIS_HOOKS)."""

from typing import Any

import schemathesis
from schemathesis import Case, Response

PROBLEM = "application/problem+json"
INSIDES = ("Traceback", "psycopg", "sqlalchemy", "SELECT ", "127.0.0.1", 'File "', ".py")
FIELDS = {"type", "code", "title", "status", "detail", "instance"}


@schemathesis.check
def refusals_are_problems(ctx: Any, response: Response, case: Case) -> None:
    """Every answer from 400 on is RFC 9457 with a stable code and tells nothing of the inside; ``health`` answers 503 itself."""
    if response.status_code < 400 or case.method == "HEAD" or case.path == "/v1/health":
        return
    media_type = response.headers.get("content-type", [""])[0]
    assert media_type.startswith(PROBLEM), f"{response.status_code} as {media_type!r}"
    problem = response.json()
    assert problem.keys() >= FIELDS, f"missing in the problem: {FIELDS - problem.keys()}"
    assert problem["status"] == response.status_code
    assert problem["type"].endswith(f"/problems/{problem['code']}")
    assert len(problem["detail"]) > 10, "a detail that helps nobody"
    shown = response.text
    assert not any(word in shown for word in INSIDES), "the problem tells of our inside"

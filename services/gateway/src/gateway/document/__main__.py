"""``python -m gateway.document [--check]``: the public API's document, made of the table and what the services say of themselves.

Needs the whole workspace (each service prints its own document); the result is committed and served as it is.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson

from gateway.document.merge import merged
from gateway.table.every import ROUTES

TARGET = Path(__file__).parent / "openapi.json"


def main() -> int:
    """Write the document; with ``--check`` only compare. 1 when it is not what the services say now."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed document, change nothing")
    is_check = parser.parse_args().check
    names = sorted({route.upstream for route in ROUTES} - {"gateway"})
    with tempfile.TemporaryDirectory() as home:
        made = _encoded(merged(ROUTES, {name: _printed(name, home) for name in names}))
    if not is_check:
        TARGET.write_bytes(made)
    elif TARGET.read_bytes() != made:
        sys.stderr.write(f"{TARGET.name} is not what the services say now: run `python -m gateway.document`\n")
        return 1
    return 0


def _printed(service: str, home: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "halles_local", "run", service, "openapi"]
    environment = {**os.environ, "HALLES_HOME": home}
    found = subprocess.run(command, env=environment, check=True, capture_output=True)
    document: dict[str, Any] = orjson.loads(found.stdout)
    return document


def _encoded(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    sys.exit(main())

"""How commands answer: JSON, one object a line. Apart from the commands, whose imports a serving process is spared."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any


def show(value: Any) -> None:
    """One answer: a JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, default=str, ensure_ascii=False) + "\n")


def dry_run(name: str, arguments: Sequence[str], *, told: str | None = None) -> bool:
    """Read the arguments of a command that takes ``--dry-run`` only."""
    parser = argparse.ArgumentParser(prog=name, description=told)
    parser.add_argument("--dry-run", action="store_true", help="count only")
    return bool(parser.parse_args(list(arguments)).dry_run)

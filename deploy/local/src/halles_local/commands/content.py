"""Run the seed and the demo, which are programs of their own against the public API."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from halles_local.errors import StackError
from halles_local.stack import Stack


def seed_once(stack: Stack, console: Console) -> None:
    """Fill the market, unless that was done for this stack."""
    if find_spec("halles_local.seed") is None or _done(stack).exists():
        return
    console.print("Filling the market with its demo content …")
    code = run_module(stack, "seed")
    if code:
        raise StackError("seed", f"ended with code {code}", advice="Its output is above; `make up` tries again.")
    _done(stack).touch()


def run_module(stack: Stack, name: str) -> int:
    """Run `python -m halles_local.<name>` in the foreground; return its exit code."""
    values = {
        "HALLES_HOME": str(stack.home),
        "HALLES_PORT_BASE": str(stack.ports.base),
        "HALLES_CACHE": str(stack.cache),
    }
    if not stack.durable:  # tests: a small market is enough, unless they ask for another one
        values |= {"HALLES_MARKET": os.environ.get("HALLES_MARKET", "small")}
    return subprocess.run([sys.executable, "-m", f"halles_local.{name}"], env={**os.environ, **values}).returncode


def _done(stack: Stack) -> Path:
    return stack.run / "seeded"

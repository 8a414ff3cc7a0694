"""`reset`: stop everything and delete the data; settings and the shared cache stay."""

import shutil
import sys

from rich.console import Console

from halles_local import addresses
from halles_local.commands.down import down
from halles_local.errors import StackError
from halles_local.stack import Stack


def reset(stack: Stack, console: Console, *, confirmed: bool) -> None:
    """Delete databases, topics, indexes, mails, keys and logs of this stack after asking."""
    if not confirmed and not _agrees(stack):
        console.print("Nothing was deleted.")
        return
    down(stack, console)
    for folder in (stack.home / "servers", stack.run, stack.logs, stack.secrets, stack.standins, stack.media):
        shutil.rmtree(folder, ignore_errors=True)
    (stack.home / addresses.ACCOUNTS_FILE).unlink(missing_ok=True)
    console.print(f"All data below {stack.home} is gone; `make up` starts from an empty market.")


def _agrees(stack: Stack) -> bool:
    if not sys.stdin.isatty():
        raise StackError("reset", "deletes all data, and nobody is there to ask", advice="`make reset YES=1`")
    answer = input(f"Delete all databases, topics, indexes and mails below {stack.home}? Type yes: ")
    return answer.strip().lower() == "yes"

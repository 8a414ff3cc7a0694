"""The table at the end of `up`: where to go, who to be, what to type next."""

from rich.console import Console
from rich.table import Table

from halles_local import addresses
from halles_local.stack import Stack

NEXT = (
    ("make demo", "the main journey, step by step, with its events"),
    ("make status", "every process, its memory and its lag"),
    ("make logs S=order", "follow a log"),
    ("make test", "the whole proof"),
    ("make down", "stop everything"),
)


def show(stack: Stack, console: Console) -> None:
    """Print addresses, demo accounts and next commands."""
    table = Table(title="Halles is running", title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, address in addresses.for_people(stack).items():
        table.add_row(f"[bold]{name}[/]", address)
    accounts = addresses.demo_accounts(stack)
    if accounts:
        table.add_section()
    for account in accounts:
        table.add_row(f"[bold]{account['role']}[/]", f"{account['email']}  {account['password']}")
    table.add_section()
    for command, purpose in NEXT:
        table.add_row(f"[cyan]{command}[/]", purpose)
    console.print()
    console.print(table)

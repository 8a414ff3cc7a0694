"""What a person opens in a browser, and with which account."""

import json

from halles_local.stack import Stack

ACCOUNTS_FILE = "demo-accounts.json"


def for_people(stack: Stack) -> dict[str, str]:
    """Return the addresses worth knowing, by what is found there."""
    ports = stack.ports
    return {
        "site": ports.public_url("web"),
        "api": ports.public_url("gateway"),
        "api docs": f"{ports.public_url('gateway')}/docs",
        "mailbox": ports.public_url("mail"),
        "stripe stand-in": ports.public_url("stripe"),
        "carrier stand-in": ports.public_url("carrier"),
    }


def demo_accounts(stack: Stack) -> list[dict[str, str]]:
    """Return the accounts that the seed made; empty before it ran."""
    file = stack.home / ACCOUNTS_FILE
    accounts: list[dict[str, str]] = json.loads(file.read_text()) if file.exists() else []
    return accounts

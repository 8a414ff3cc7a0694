"""Who takes part, and what the journey leaves for the accounts to be checked."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from halles_local.addresses import demo_accounts
from halles_local.client.api import Caller
from halles_local.client.session import Market


@dataclass
class Cast:
    """``sellers`` by shop id. ``stock_before`` and ``bought`` by offer id."""

    operator: Caller
    sellers: dict[str, Caller]
    seller_emails: dict[str, str]
    buyer: Caller
    buyer_email: str
    password: str
    offers: list[dict[str, Any]] = field(default_factory=list)
    stock_before: dict[str, int] = field(default_factory=dict)
    bought: dict[str, int] = field(default_factory=dict)
    sales_before: int = 0
    order: dict[str, Any] = field(default_factory=dict)
    product_id: str = ""


async def assemble(place: Market) -> Cast:
    """Sign in the people of the seeded market; the buyer is new each time."""
    accounts = demo_accounts(place.stack)
    if not accounts:
        raise SystemExit("The market is empty: run `make up` first.")
    operator, sellers, emails = place.visitor("operator"), {}, {}
    for account in accounts:
        if account["role"] == "operator":
            await operator.sign_in(account["email"], account["password"])
        if account["role"] == "seller":
            caller = await place.visitor(account["shop"]).sign_in(account["email"], account["password"])
            for shop in (await caller.get("/v1/me"))["sellers"]:
                sellers[shop["seller_id"]] = caller
                emails[shop["seller_id"]] = account["email"]
    email = f"lea.{uuid4().hex[:8]}@courriel.example"
    return Cast(operator, sellers, emails, place.visitor("Léa"), email, accounts[0]["password"])

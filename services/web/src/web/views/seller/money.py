"""When does my money come: every order's amount, commission, share and date, and the account at the payment provider."""

import asyncio
from typing import Any

from starlette.responses import Response

from web.page import Page
from web.views.seller.dashboard import earnings_by_state
from web.views.seller.place import at_api


async def show(page: Page) -> Response:
    """Sums by state on top, then order by order, with the orders' numbers where they can be had."""
    shop, base = await page.shop(), at_api(page)
    account, settlements, earnings = await asyncio.gather(
        page.api.get(f"{base}/payout-account"),
        page.api.get(f"{base}/settlements", cursor=page.request.query_params.get("cursor", "")),
        page.api.get(f"{base}/earnings"),
    )
    found = settlements.need()
    return await page.render(
        "seller/payouts.html",
        shop=shop,
        account=account.need(),
        settlements=found,
        earnings=earnings_by_state(earnings.need()),
        numbers=await _numbers(page, found["items"]),
    )


async def onboard(page: Page) -> Response:
    """A fresh address at the provider; it is shown as a link, since a form may not lead to another site."""
    shop = await page.shop()
    account = (await page.api.send("POST", f"{at_api(page)}/payout-account")).need()
    return await page.render("seller/onboard.html", shop=shop, account=account)


async def _numbers(page: Page, settlements: list[dict[str, Any]]) -> dict[str, str]:
    """Order numbers, as buyers know them, by seller order."""
    if not settlements:
        return {}
    ids = ",".join(item["seller_order_id"] for item in settlements)
    answer = await page.api.get(f"{at_api(page)}/orders", ids=ids, limit=100)
    orders = answer.body["items"] if answer.problem is None else []
    return {order["seller_order_id"]: order["number"] for order in orders}

"""The design system with everything on one page. It exists outside production only."""

from starlette.responses import Response

from web.api import Problem, Violation
from web.page import Page

_WRONG = Problem(
    422,
    "invalid-request",
    "",
    "",
    (Violation("town", "missing", ""), Violation("price", "greater-than", ""), Violation("story", "missing", "")),
)
_SALES = (("lun. 16", 4210, 3900), ("mar. 17", 3320, 4105), ("mer. 18", 5190, 3650), ("jeu. 19", 6105, 5200),
          ("ven. 20", 7420, 6105), ("sam. 21", 9810, 8800), ("dim. 22", 3140, 5020))  # fmt: skip


async def show(page: Page) -> Response:
    """Every component in every state."""
    money = page.language.money
    points = [(day, now, money(_euros(now)), then, money(_euros(then))) for day, now, then in _SALES]
    return await page.render("design/page.html", wrong=_WRONG, points=points, euros=_euros)


def _euros(cents: int) -> dict[str, object]:
    return {"amount": cents, "currency": "EUR"}

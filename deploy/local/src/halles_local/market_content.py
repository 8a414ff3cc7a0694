"""What the demo market is made of, as data. ``small`` is the selection that tests use: fewer shops, products and orders."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from halles_local.errors import StackError

CONTENT = Path(__file__).parent / "market"
SMALL = "small"


def content(name: str) -> Any:
    """A file of the market's content."""
    return yaml.safe_load((CONTENT / f"{name}.yaml").read_text())


@cache
def all_products() -> list[dict[str, Any]]:
    """Every product of every area, in the order of the files."""
    files = sorted((CONTENT / "products").glob("*.yaml"))
    return [product for file in files for product in yaml.safe_load(file.read_text())]


@dataclass(frozen=True)
class Selection:
    """How much of the content a market gets. ``orders`` per scale; ``views`` pictures per product."""

    small: bool
    scale: int

    @classmethod
    def from_environment(cls) -> "Selection":
        """``HALLES_MARKET`` (``full`` or ``small``) and ``SCALE``."""
        size, scale = os.environ.get("HALLES_MARKET", "full"), os.environ.get("SCALE", "1")
        if size not in ("full", SMALL) or not scale.isdecimal() or not 1 <= int(scale) <= 100:
            raise StackError(
                "seed", f"HALLES_MARKET={size} SCALE={scale}", advice="HALLES_MARKET is full or small, SCALE 1 to 100."
            )
        return cls(small=size == SMALL, scale=int(scale))

    @property
    def views(self) -> int:
        return 1 if self.small else 3

    @property
    def orders(self) -> int:
        return 5 if self.small else 300 * self.scale

    def products(self) -> list[dict[str, Any]]:
        return [product for product in all_products() if product.get("small") or not self.small]

    def shops(self) -> list[dict[str, Any]]:
        offering = {offer["seller"] for product in self.products() for offer in product["offers"]}
        return [shop for shop in content("sellers") if shop["handle"] in offering]

    def buyers(self) -> list[dict[str, Any]]:
        """More of them at a larger scale: each copy has an address of its own."""
        people: list[dict[str, Any]] = content("people")["buyers"]
        if self.small:
            return people[:3]
        copies = [_copied(person, copy) for copy in range(2, self.scale + 1) for person in people]
        return people + copies


def _copied(person: dict[str, Any], copy: int) -> dict[str, Any]:
    name, _, host = person["email"].partition("@")
    return {**person, "email": f"{name}.{copy}@{host}"}

"""Every Prometheus series of the platform, read from the code: ``python -m scripts.metrics`` writes docs/metrics.md."""

import sys
from dataclasses import dataclass
from importlib import import_module

from prometheus_client.metrics import MetricWrapperBase

from scripts.tree import ROOT

MODULES = {
    "every service": ("chassis.metrics",),
    "gateway": (
        "gateway.activity",
        "gateway.cache.store",
        "gateway.edge.middleware",
        "gateway.live.streams",
        "gateway.live.tail",
        "gateway.upstream.retries",
        "gateway.views.parts",
    ),
    "identity": ("identity.service.app_tokens",),
    "order": ("order.saga.metrics",),
    "payment": ("payment.metrics",),
}
PAGE = ROOT / "docs" / "metrics.md"
_HEAD = """# Metrics

Written by `python -m scripts.metrics` from the code; a test compares. `/metrics` on every service's port. Labels are route
templates, names and states, never ids.

| series | kind | labels | what | where |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    kind: str
    labels: tuple[str, ...]
    told: str
    where: str

    @property
    def samples(self) -> set[str]:
        """Names under which its values appear."""
        if self.kind == "histogram":
            return {f"{self.name}{end}" for end in ("_bucket", "_count", "_sum")}
        return {self.name}


def series() -> list[Series]:
    """In the order of the code."""
    found: list[Series] = []
    for where, modules in MODULES.items():
        for module in modules:
            for thing in vars(import_module(module)).values():
                if isinstance(thing, MetricWrapperBase):
                    found.append(_described(thing, where))
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def _described(metric: MetricWrapperBase, where: str) -> Series:
    (told,) = metric.describe()
    name = f"{told.name}_total" if told.type == "counter" else told.name
    return Series(name, told.type, tuple(metric._labelnames), told.documentation, where)


def page() -> str:
    rows = [f"| `{one.name}` | {one.kind} | {', '.join(one.labels)} | {one.told} | {one.where} |" for one in series()]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{len(series())} series\n")

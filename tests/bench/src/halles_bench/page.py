"""The page of figures, from the stored document."""

from typing import Any

_HEAD = """<!-- Written by `make bench`; do not edit. The figures with everything behind them: benchmarks.json. -->
# What each request costs

Processor time (user + system) of **all our processes together** per operation, without what they use at rest; the stand-ins for
Stripe, mail and carrier are shown apart, below. *Steady* is at 60 % of
the ceiling that was found just before; latencies there count from the moment a call was due. How it is measured:
[tests/bench](../tests/bench/README.md). The machine is shared with other work while this is measured: the load average says how
much; latencies and ceilings suffer from it far more than processor time does. Past orders are not filled to scale yet, only offers.
"""
_ORDER = (
    "list", "list-uncached", "page", "page-uncached", "search", "suggestion", "cart", "add", "checkout", "event", "rebuild-search",
    "rebuild-figures", "site-product", "site-search",
)  # fmt: skip


def render(document: dict[str, Any]) -> str:
    """Return the whole page."""
    results = sorted(document["results"].values(), key=_place)
    parts = [_HEAD, _costs(results), _notes(results), _details(results), _processes(document["processes"])]
    return "\n".join(parts)


def _place(result: dict[str, Any]) -> tuple[int, int, str]:
    known = _ORDER.index(result["name"]) if result["name"] in _ORDER else len(_ORDER)
    return _size(result["scale"]), known, result["name"]


def _size(scale: str) -> int:
    return ("1k", "100k", "1m").index(scale)


def _costs(results: list[dict[str, Any]]) -> str:
    lines = [
        "\n## Figures\n",
        "| offers | operation | steady CPU ms | at the ceiling | one client | p50 / p99 ms, one client "
        "| p50 / p99 ms, steady | requests/s at the ceiling | measured (UTC), commit, load |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        alone, ceiling, steady = one["alone"], one["ceiling"], one["steady"]
        lines.append(
            f"| {one['scale']} | {one['title']} | **{steady['total_ms']:.2f}** | {ceiling['total_ms']:.2f} "
            f"| {alone['total_ms']:.2f} | {_latency(alone)} | {_latency(steady)} | {ceiling['rate']:.0f} "
            f"| {one['date']}, {one['commit']}, {one['load']:.1f} |"
        )
    return "\n".join(lines)


def _notes(results: list[dict[str, Any]]) -> str:
    """What a reader must know about single results."""
    noted = sorted({(one["scale"], one["note"], one["date"]) for one in results if one.get("note")})
    return "".join(f"\n{scale}, {date}: {note}\n" for scale, note, date in noted)


def _latency(phase: dict[str, Any]) -> str:
    return f"{phase['p50_ms']:.1f} / {phase['p99_ms']:.1f}"


def _details(results: list[dict[str, Any]]) -> str:
    lines = [
        "\n## Where it goes (steady, CPU ms by process)\n",
        "| offers | operation | by process |",
        "|---|---|---|",
    ]
    for one in results:
        parts = sorted(((ms, who) for who, ms in one["steady"]["cpu_ms"].items() if ms >= 0.01), reverse=True)
        lines.append(f"| {one['scale']} | {one['name']} | {', '.join(f'{who} {ms:.2f}' for ms, who in parts)} |")
    return "\n".join(lines)


def _processes(found: dict[str, Any]) -> str:
    lines = []
    for scale in sorted(found, key=_size):
        one = found[scale]
        lines += [
            f"\n## Processes at {scale}: memory after the run, processor at rest\n",
            f"{one['machine']}; {one['date']} UTC, commit {one['commit']}, load {one['load']:.1f}. At rest all together "
            f"{sum(one['idle'].values()):.1f} % of one core.\n",
            "| process | RSS MB | PSS MB | idle % of a core |",
            "|---|---|---|---|",
        ]
        for name in sorted(one["memory"]):
            memory = one["memory"][name]
            idle = one["idle"].get(name, 0.0)
            lines.append(f"| {name} | {memory['rss_mb']:.0f} | {memory['pss_mb']:.0f} | {idle:.2f} |")
    return "\n".join([*lines, ""])

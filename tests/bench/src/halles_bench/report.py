"""Shows results and keeps them: ``docs/benchmarks.json`` holds every figure, ``docs/benchmarks.md`` is written from it."""

import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from halles_bench import page
from halles_bench.measure import Result, load_average
from halles_bench.processes import Seconds, memory
from halles_bench.world import World
from halles_local.stack import REPOSITORY

JSON_FILE = REPOSITORY / "docs" / "benchmarks.json"
PAGE = REPOSITORY / "docs" / "benchmarks.md"
_SHOWN_MS = 0.005


def print_result(console: Console, result: Result) -> None:
    """A few lines for the person who waits."""
    console.print(f"[bold]{result.name}[/]  {result.title}")
    for name in ("alone", "ceiling", "steady"):
        phase = getattr(result, name)
        parts = sorted(((ms, who) for who, ms in phase.cpu_ms.items() if ms > _SHOWN_MS), reverse=True)
        shares = ", ".join(f"{who} {ms:.2f}" for ms, who in parts)
        failed = f" failed={phase.failed}" if phase.failed else ""
        console.print(
            f"  {name:8} {phase.total_ms:8.2f} ms CPU  p50 {phase.p50_ms:7.1f}  p99 {phase.p99_ms:7.1f} ms  "
            f"{phase.rate:7.1f}/s  n={phase.count}{failed}  ({shares})",
            highlight=False,
            soft_wrap=True,
        )


def store(place: World, result: Result, idle: Seconds) -> None:
    """Replace what was measured now, keep the rest, write the page anew."""
    document = json.loads(JSON_FILE.read_text()) if JSON_FILE.exists() else {"results": {}, "processes": {}}
    about = _about()
    document["results"][f"{result.scale}/{result.name}"] = result.document() | about
    document["processes"][result.scale] = {"idle": _percent(idle), "memory": _memory(place)} | about
    JSON_FILE.write_text(json.dumps(_rounded(document), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    PAGE.write_text(page.render(json.loads(JSON_FILE.read_text())))


def _about() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return {
        "commit": commit.stdout.strip(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "load": load_average(),
        "machine": f"{_processor()}, Python {platform.python_version()}",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory_kib = int(Path("/proc/meminfo").read_text().split()[1])
    return f"{len(names)} × {names[0] if names else platform.machine()}, {memory_kib // 1024 // 1024} GiB"


def _percent(idle: Seconds) -> dict[str, float]:
    return {name: rate * 100 for name, rate in idle.items()}


def _memory(place: World) -> dict[str, dict[str, float]]:
    found = {name: memory(pid) for name, pid in place.pids().items()}
    return {name: {"rss_mb": one.rss / 1e6, "pss_mb": one.pss / 1e6} for name, one in found.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value

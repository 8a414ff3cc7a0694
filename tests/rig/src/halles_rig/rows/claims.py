"""Claims that several rows make."""

from pathlib import Path

from halles_rig.process import Process
from halles_rig.row import Run


def everybody_was_told(run: Run) -> None:
    """Every buyer heard of a decision while looking."""
    waits = [order.decided_after for order in run.crowd.orders.values() if order.decided_after]
    run.note(f"slowest decision {max(waits, default=0.0):.1f} s")
    undecided = [order.order_id for order in run.crowd.orders.values() if order.status == "pending"]
    run.require(not undecided, f"no decision within 40 s: {undecided[:3]}")


def memory_mb(process: Process) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def open_files(process: Process) -> int:
    return sum(1 for _ in Path(f"/proc/{process.pid}/fd").iterdir())

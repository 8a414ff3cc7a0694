"""Show what the stack is doing: one line per step with its time, live in a terminal, plain lines elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """Prints steps as they begin and end; steps may run in several threads at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._status = console.status("")

    def __enter__(self) -> "Steps":
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show `doing` while the block runs and a tick with the time when it is done."""
        start = time.monotonic()
        self._change(add=doing)
        try:
            yield
        except BaseException:
            self._change(remove=doing)
            self._console.print(
                f"[red]✗[/] {doing}  [dim]failed after {time.monotonic() - start:.1f} s[/]", soft_wrap=True
            )
            raise
        self._change(remove=doing)
        self._console.print(f"[green]✓[/] {doing}  [dim]{time.monotonic() - start:.1f} s[/]", soft_wrap=True)

    def _change(self, *, add: str = "", remove: str = "") -> None:
        with self._lock:
            if add:
                self._waiting.append(add)
                if not self._console.is_terminal:
                    self._console.print(f"… {add}", soft_wrap=True)
            if remove:
                self._waiting.remove(remove)
            self._status.update(f"waiting for: {', '.join(self._waiting)}")


@contextmanager
def download_bar(console: Console, *, title: str, total: int) -> Iterator[Progress]:
    """Show a bar of bytes; without a terminal, its first and last state only."""
    columns = (SpinnerColumn(), TextColumn(title), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        progress.add_task(title, total=total)
        yield progress

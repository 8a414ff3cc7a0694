"""`status`: every process of the stack, for people as a table and for scripts as JSON."""

import json
from dataclasses import asdict, dataclass

import psycopg
from rich.console import Console
from rich.table import Table

from halles_local import addresses, databases, infrastructure, lag, memory, programs, readiness
from halles_local.ports import DATABASES, SERVERS
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import ProcessState, Supervisor


@dataclass(frozen=True)
class Row:
    """One process: `rss_bytes` is resident memory, `lag` unread messages, `outbox_seconds` the age of the oldest
    event that waits to be published; None where the notion does not apply or cannot be known now."""

    name: str
    state: str
    pid: int | None
    port: int | None
    url: str | None
    rss_bytes: int | None
    lag: int | None
    outbox_seconds: float | None


def status(stack: Stack, console: Console, *, as_json: bool) -> None:
    """Print the state of every process that the stack should have."""
    rows = collect(stack)
    if as_json:
        everything = {
            "processes": [asdict(row) for row in rows],
            "addresses": addresses.for_people(stack),
            "demo_accounts": addresses.demo_accounts(stack),
        }
        print(json.dumps(everything, indent=2))
    else:
        console.print(_table(rows))


def collect(stack: Stack) -> list[Row]:
    """Return a row per process that the stack should have."""
    supervisor = Supervisor(stack)
    states = {state.name: state for state in supervisor.states()} if supervisor.is_running() else {}
    running = {name for name, state in states.items() if state.is_running}
    lags = lag.by_group(stack) if "kafka" in running else {}
    ages = _outbox_ages(stack) if "postgres" in running else {}
    return [_row(stack, name, states.get(name), lags=lags, ages=ages) for name in programs.names()]


def _row(
    stack: Stack, name: str, state: ProcessState | None, *, lags: dict[str, int], ages: dict[str, float | None]
) -> Row:
    pid = state.pid if state else None
    listener = infrastructure.listeners(name)[0]
    speaks_http = listener not in ("postgres", "kafka")
    return Row(
        name=name,
        state=_word(name, state, port=stack.ports.of(listener)),
        pid=pid,
        port=stack.ports.of(listener),
        url=stack.ports.public_url(listener) if speaks_http else None,
        rss_bytes=memory.resident_bytes(pid) if pid else None,
        lag=lag.of_process(name, lags),
        outbox_seconds=ages.get(name),
    )


def _word(name: str, state: ProcessState | None, *, port: int) -> str:
    """Translate the supervisor's word; a process that runs but does not listen yet is starting."""
    if state is None:
        return "stopped" if name in SERVERS or programs.is_runnable(name) else "absent"
    if state.is_running:
        return "running" if readiness.listens(port) else "starting"
    return {"BACKOFF": "crashing", "FATAL": "failed", "STOPPING": "stopping"}.get(state.state, "stopped")


def _outbox_ages(stack: Stack) -> dict[str, float | None]:
    secrets = Secrets(stack)
    ages = {}
    for name in DATABASES:
        try:
            ages[name] = databases.outbox_age(stack, secrets, name)
        except psycopg.OperationalError:
            ages[name] = None
    return ages


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("process", "state", "port", "pid", "memory", "lag", "oldest outbox row"):
        table.add_column(heading, justify="left" if heading in ("process", "state") else "right")
    for row in rows:
        colour = {"running": "green", "starting": "yellow", "stopped": "dim", "absent": "dim"}.get(row.state, "red")
        table.add_row(row.name, f"[{colour}]{row.state}[/]", *map(_cell, (row.port, row.pid)), *_figures(row))
    table.add_section()
    table.add_row("all", "", "", "", _megabytes(sum(row.rss_bytes or 0 for row in rows)))
    return table


def _figures(row: Row) -> tuple[str, str, str]:
    age = "" if row.outbox_seconds is None else f"{row.outbox_seconds:.1f} s"
    return _megabytes(row.rss_bytes), _cell(row.lag), age


def _megabytes(count: int | None) -> str:
    return "" if not count else f"{count / 1e6:.0f} MB"


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)

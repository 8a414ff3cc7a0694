"""Writes the table as a page for people: ``python -m order.saga.document > services/order/docs/saga.md``."""

import sys
from collections.abc import Iterator

from order.saga.states import FINAL, Cell, State, Trigger
from order.saga.table import TABLE, Patience, status_of

_INTRO = """# The checkout saga

Generated from `order.saga` by `python -m order.saga.document`; a test keeps it fresh. Change the table, not this page.

An order reserves all its lines at catalog, authorises the payment, commits the reservation (the pivot), captures the
payment and is confirmed. Before the pivot everything can be undone; after it only steps that can be repeated remain.
A compensation ends only when catalog has said that nothing is held and payment that no money is kept.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [_INTRO, "## Diagram\n", *_diagram(), "\n## Deadlines\n", *_deadlines(), "\n## Every cell\n", *_cells()]
    return "\n".join(parts) + "\n"


def _diagram() -> Iterator[str]:
    yield "Repetitions and alarms are left out; the table has them.\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {_name(State.RESERVING)}: checkout"
    for state, row in TABLE.items():
        targets: dict[State, list[Trigger]] = {}
        for trigger, cell in row.items():
            if cell.to not in (None, state) and not cell.is_alarm:
                targets.setdefault(cell.to or state, []).append(trigger)
        for target, triggers in targets.items():
            yield f"    {_name(state)} --> {_name(target)}: {', '.join(triggers)}"
    for state in State:
        if state in FINAL:
            yield f"    {_name(state)} --> [*]"
    yield "```"


def _deadlines() -> Iterator[str]:
    patience = Patience()
    growing = f"{patience.resend_seconds} s, doubling to {patience.longest_pause_seconds} s: the command is repeated"
    yield "By the database's clock; `ORDER_<NAME>` in the environment changes them (`settings.py`).\n"
    yield "| state | buyer sees | deadline |"
    yield "|---|---|---|"
    for state in State:
        text = "none" if state in FINAL else growing
        if state in (State.RESERVING, State.RESERVING_AGAIN):
            text = f"{patience.reserving_seconds} s (`RESERVING_SECONDS`)"
        if state in (State.AUTHORISING, State.ACTION_REQUIRED, State.DECLINED):
            text = f"{patience.payment_seconds} s for all cards together (`PAYMENT_SECONDS`)"
        yield f"| {state} | {status_of(state)} | {text} |"


def _cells() -> Iterator[str]:
    for state, row in TABLE.items():
        yield f"### {state}\n"
        yield "| trigger | becomes | does | why |"
        yield "|---|---|---|---|"
        for trigger in Trigger:
            cell = row[trigger]
            does = ", ".join(f"`{effect}`" for effect in cell.does) or "–"
            yield f"| {trigger} | {_becomes(cell, state)} | {does} | {cell.why} |"
        yield ""


def _becomes(cell: Cell, state: State) -> str:
    word = "stays" if cell.to is None else "again" if cell.to is state else f"**{cell.to}**"
    if cell.cancels:
        word += f" ({cell.cancels})"
    if cell.is_refusal:
        word = "refused (409)"
    return f"{word}, ALARM" if cell.is_alarm else word


def _name(state: State) -> str:
    return state.replace("-", "_")


if __name__ == "__main__":
    sys.stdout.write(page())

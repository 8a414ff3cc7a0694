"""`down`: stop everything and prove that nothing is left."""

from rich.console import Console

from halles_local import leftovers
from halles_local.progress import Steps
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor


def down(stack: Stack, console: Console) -> None:
    """Stop services, stand-ins, servers and the supervisor, in this order; end whatever survived."""
    supervisor = Supervisor(stack)
    with Steps(console) as steps:
        if supervisor.is_running():
            _stop(supervisor, steps)
        for left in leftovers.end_all(stack):
            console.print(
                f"[yellow]![/] ended process {left.pid}, which nobody supervised: {left.command}", soft_wrap=True
            )
    console.print("The stack is down.")


def _stop(supervisor: Supervisor, steps: Steps) -> None:
    for group in supervisor.groups():
        with steps.step(f"stopping the {group}"):
            supervisor.stop_group(group)
    with steps.step("stopping the supervisor"):
        supervisor.shut_down()

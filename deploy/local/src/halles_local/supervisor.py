"""Talk to the supervisor (supervisord) of one stack: start it, ask it, stop it."""

import subprocess
import sys
import xmlrpc.client
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import Faults, SupervisorTransport

from halles_local import supervisor_config
from halles_local.errors import StackError
from halles_local.process_environment import inherited
from halles_local.programs import GROUPS, Program, group_of
from halles_local.stack import Stack
from halles_local.waiting import NotReady, wait_until

START_SECONDS = 15
STOP_SECONDS = 40
ENDED = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")
# At this many starts of one process `up` stops hoping; the supervisor itself goes on trying.
HOPELESS_AFTER = 3


@dataclass(frozen=True)
class ProcessState:
    """What the supervisor knows about a process. `state` is its word, such as RUNNING, BACKOFF or STOPPED."""

    name: str
    group: str
    state: str
    pid: int | None
    started: int

    @property
    def is_running(self) -> bool:
        """Tell whether there is a process now."""
        return self.state in ("STARTING", "RUNNING")


class Supervisor:
    """The supervisor of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._file = stack.run / "supervisord.conf"

    def is_running(self) -> bool:
        """Tell whether a supervisor answers on this stack's socket."""
        try:
            with self._calls() as calls:
                calls.getState()
        except (OSError, xmlrpc.client.Error):
            return False
        return True

    def start(self, programs: Iterable[Program]) -> None:
        """Start the supervisor with these programs, none of them running; if it runs, apply what changed."""
        text = supervisor_config.render(self._stack, programs)
        changed = not self._file.exists() or self._file.read_text() != text
        if changed:
            self._write(text)
        if not self.is_running():
            self._launch()
        elif changed:
            self._apply()

    def _write(self, text: str) -> None:
        self._file.touch(mode=0o600)
        self._file.chmod(0o600)
        self._file.write_text(text)

    def _launch(self) -> None:
        self._stack.socket.unlink(missing_ok=True)
        command = [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-c", str(self._file)]
        done = subprocess.run(
            command, capture_output=True, text=True, env=inherited(self._stack), stdin=subprocess.DEVNULL
        )
        if done.returncode:
            problem = f"did not start:\n{done.stdout[-1000:]}{done.stderr[-1000:]}"
            raise StackError("supervisor", problem, advice="`make down`, then `make up` again.", log=self._log)

        def check() -> None:
            if not self.is_running():
                raise NotReady("the supervisor does not answer on its socket")

        wait_until(check, seconds=START_SECONDS)

    @property
    def _log(self) -> Path:
        return self._stack.logs / "supervisor.log"

    def _apply(self) -> None:
        with self._calls() as calls:
            ((added, changed, removed),) = calls.reloadConfig()
            # Each process is a group of its own for the supervisor, so a change touches only the processes it concerns.
            for name in (*changed, *removed):
                calls.stopProcessGroup(name)
                calls.removeProcessGroup(name)
            for name in (*changed, *added):
                calls.addProcessGroup(name)

    def states(self) -> tuple[ProcessState, ...]:
        """Return the state of every process."""
        with self._calls() as calls:
            return tuple(_state(info) for info in calls.getAllProcessInfo())

    def state(self, name: str) -> ProcessState:
        """Return the state of one process."""
        for state in self.states():
            if state.name == name:
                return state
        raise StackError(name, "is not a process of the running stack", advice="`make status` lists the names.")

    def start_process(self, name: str) -> None:
        """Start a process unless it runs."""
        state = self.state(name)
        if state.is_running:
            return
        with self._calls() as calls:
            try:
                calls.startProcess(name, False)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != Faults.ALREADY_STARTED:
                    raise self.failure(name, fault.faultString) from fault

    def stop_process(self, name: str) -> None:
        """Stop a process and wait until it is gone."""
        self._stop([self.state(name)])

    def groups(self) -> tuple[str, ...]:
        """Return the groups that have a process to stop, in the order of stopping: services first, servers last."""
        busy = {state.group for state in self.states() if state.state not in ENDED}
        return tuple(group for group in reversed(GROUPS) if group in busy)

    def stop_group(self, group: str) -> None:
        """Stop all processes of a group at once and wait until they are gone."""
        self._stop([state for state in self.states() if state.group == group])

    def _stop(self, members: list[ProcessState]) -> None:
        with self._calls() as calls:
            for member in members:
                try:
                    calls.stopProcess(member.name, False)
                except xmlrpc.client.Fault as fault:
                    if fault.faultCode != Faults.NOT_RUNNING:
                        raise self.failure(member.name, fault.faultString) from fault
        names = {member.name for member in members}

        def check() -> None:
            waiting = [state.name for state in self.states() if state.name in names and state.state not in ENDED]
            if waiting:
                raise NotReady(f"still stopping: {', '.join(waiting)}")

        wait_until(check, seconds=STOP_SECONDS)

    def shut_down(self) -> None:
        """End the supervisor; everything must have been stopped."""
        with self._calls() as calls:
            process = Path("/proc") / str(calls.getPID())
            calls.shutdown()

        def check() -> None:
            if process.exists():
                raise NotReady("the supervisor has not ended")

        wait_until(check, seconds=STOP_SECONDS)

    def watch(self, name: str) -> Callable[[], None]:
        """Return a check that raises StackError once a process was started again and again or given up."""
        starts: set[int] = set()

        def check() -> None:
            state = self.state(name)
            starts.add(state.started)
            if state.state in ("FATAL", "STOPPED") or len(starts) >= HOPELESS_AFTER:
                raise self.failure(name, f"does not stay up ({state.state.lower()} after {len(starts)} starts)")

        return check

    def failure(self, name: str, problem: str) -> StackError:
        """Return the error that shows the end of a process's log."""
        advice = f"The end of its log is above; `make logs S={name}` shows all of it."
        return StackError(name, problem, advice=advice, log=self._stack.log(name))

    @contextmanager
    def _calls(self) -> Iterator[Any]:
        transport = SupervisorTransport("", "", f"unix://{self._stack.socket}")
        proxy = xmlrpc.client.ServerProxy("http://localhost", transport=transport)
        try:
            yield proxy.supervisor
        finally:
            transport.close()


def _state(info: dict[str, Any]) -> ProcessState:
    return ProcessState(
        name=info["name"],
        group=group_of(info["name"]),
        state=info["statename"],
        pid=info["pid"] or None,
        started=info["start"],
    )

"""Start the three servers: jars, start-up caches, configuration, processes, readiness."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console

from halles_local import jars, kafka, kafka_access, leftovers, opensearch, postgres, preflight, training
from halles_local.ports import SERVERS, STANDIN_PORTS
from halles_local.programs import Program
from halles_local.progress import Steps, download_bar
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor
from halles_local.waiting import NotReady, wait_until

READY_SECONDS = {"postgres": 60, "kafka": 90, "opensearch": 180}
LISTENERS = {
    "kafka": ("kafka", "kafka-controller"),
    "opensearch": ("opensearch", "opensearch-transport"),
    "standins": STANDIN_PORTS,
}


def fetch_jars(stack: Stack, console: Console) -> None:
    """Download the jars that the shared cache does not hold."""
    if jars.is_complete(stack):
        return
    total = sum(jar.size for jar in jars.missing(stack))
    with download_bar(console, title="Kafka and OpenSearch jars", total=total) as progress:
        task = progress.task_ids[0]
        jars.fetch(stack, advance=lambda count: progress.advance(task, count))


def take_over(stack: Stack, supervisor: Supervisor, *, programs: Iterable[Program], console: Console) -> None:
    """Make sure that nothing else is in the way: processes of a killed supervisor, other programs on our ports."""
    running: set[str] = set()
    if supervisor.is_running():
        running = {state.name for state in supervisor.states() if state.state not in ("STOPPED", "FATAL")}
    else:
        for left in leftovers.end_all(stack):
            console.print(f"[yellow]![/] ended process {left.pid}, left over from a killed supervisor")
    names = (name for program in programs if program.name not in running for name in listeners(program.name))
    preflight.check_ports(stack.ports, names)


def listeners(process: str) -> tuple[str, ...]:
    """Return the names of the ports that a process listens on."""
    return LISTENERS.get(process, (process,))


def train(stack: Stack, steps: Steps) -> None:
    """Make the JVMs' start-up caches, once per machine."""
    if training.is_needed(stack):
        with steps.step("recording start-up caches for Kafka and OpenSearch (once per machine)"):
            training.train(stack)


def start_servers(
    stack: Stack, supervisor: Supervisor, *, secrets: Secrets, steps: Steps, names: Iterable[str] = SERVERS
) -> None:
    """Start servers (all three unless `names` says which) at the same time and wait until each of them works."""
    password = secrets.passwords["postgres"]
    prepare: dict[str, Callable[[], None]] = {
        "postgres": lambda: postgres.prepare(stack, password=password),
        "kafka": lambda: kafka.prepare(stack),
        "opensearch": lambda: opensearch.prepare(stack),
    }
    superuser = postgres.address(stack.ports, password=password)
    check: dict[str, Callable[[], None]] = {
        "postgres": lambda: postgres.check_ready(superuser),
        "kafka": lambda: kafka.check_ready(stack.ports, kafka_access.brokers(stack, secrets)),
        "opensearch": lambda: opensearch.check_ready(stack.ports),
    }

    def start(name: str) -> None:
        with steps.step(f"{name} at port {stack.ports.of(name)}"):
            if not supervisor.state(name).is_running:
                prepare[name]()
            start_and_wait(supervisor, name, check[name], seconds=READY_SECONDS[name])

    in_parallel(start, names)


def start_and_wait(supervisor: Supervisor, name: str, check: Callable[[], None], *, seconds: float) -> None:
    """Start a process and wait until `check` passes; raise StackError with its log when it does not."""
    supervisor.start_process(name)
    try:
        wait_until(check, seconds=seconds, alive=supervisor.watch(name))
    except NotReady as error:
        raise supervisor.failure(name, f"was not ready after {seconds:.0f} s: {error}") from error


def in_parallel(work: Callable[[str], None], names: Iterable[str]) -> None:
    """Run `work` for every name at once; the first failure is raised after all have ended."""
    listed = tuple(names)
    if not listed:
        return
    with ThreadPoolExecutor(len(listed)) as pool:
        for job in [pool.submit(work, name) for name in listed]:
            job.result()

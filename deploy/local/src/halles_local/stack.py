"""One local stack: where its data lives, which ports it uses, where the shared cache is."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from halles_local.errors import StackError
from halles_local.ports import DEFAULT_BASE, OFFSETS, Ports

REPOSITORY = Path(__file__).resolve().parents[4]
# sun_path holds 108 bytes including the closing zero; supervisor also appends ".<pid>" while it creates the socket.
LONGEST_SOCKET_PATH = 96


@dataclass(frozen=True)
class Stack:
    """Addresses and folders of one stack.

    `durable` is False for the throw-away servers of a test run: PostgreSQL then skips fsync, which only a power cut
    could tell apart, and OpenSearch starts with the quick compiler only.
    """

    home: Path
    ports: Ports
    cache: Path
    durable: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Stack":
        """Read `HALLES_HOME`, `HALLES_PORT_BASE` and `HALLES_CACHE`; refuse a base that is not a usable port."""
        values = os.environ if environment is None else environment
        home = Path(values.get("HALLES_HOME") or REPOSITORY / ".halles").expanduser().resolve()
        default_cache = Path(values.get("XDG_CACHE_HOME") or "~/.cache") / "halles"
        cache = Path(values.get("HALLES_CACHE") or default_cache).expanduser().resolve()
        return cls(home=home, ports=Ports(_port_base(values.get("HALLES_PORT_BASE"))), cache=cache)

    @property
    def socket(self) -> Path:
        """The control socket of the supervisor; in the temporary folder when the home's path is too long for one."""
        inside = self.run / "supervisor.sock"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"halles-{os.getuid()}-{digest}" / "supervisor.sock"

    @property
    def run(self) -> Path:
        """Control files: supervisor configuration, socket, what was done once."""
        return self.home / "run"

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.home / "logs"

    @property
    def secrets(self) -> Path:
        """Keys and passwords, made once, readable by the owner only."""
        return self.home / "secrets"

    @property
    def standins(self) -> Path:
        """State of the stand-ins (the Stripe book, the mailbox, parcels)."""
        return self.home / "standins"

    @property
    def media(self) -> Path:
        """Pictures of products and shops."""
        return self.home / "media"

    def server(self, name: str) -> Path:
        """Configuration and data of one server."""
        return self.home / "servers" / name

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.logs / f"{name}.log"

    def make_folders(self) -> None:
        """Create the private folders of the stack."""
        for folder in (
            self.home,
            self.run,
            self.logs,
            self.secrets,
            self.standins,
            self.media,
            self.socket.parent,
            self.cache,
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _port_base(text: str | None) -> int:
    if not text:
        return DEFAULT_BASE
    highest = 65535 - max(OFFSETS.values())
    if not text.isdecimal() or not 1024 <= int(text) <= highest:
        raise StackError(
            "settings",
            f"HALLES_PORT_BASE={text} is not a port between 1024 and {highest}",
            advice=f"Choose another base, for example HALLES_PORT_BASE={DEFAULT_BASE + 1000}.",
        )
    return int(text)

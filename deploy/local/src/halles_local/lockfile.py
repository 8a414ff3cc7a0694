"""The pinned jars of a server: coordinate, size and SHA-256 per line, no host."""

from dataclasses import dataclass
from importlib.resources import files

from halles_local.errors import StackError


@dataclass(frozen=True)
class Jar:
    """One jar: the folders of the server's home that hold it, its Maven coordinate, its size in bytes and its hash."""

    folders: tuple[str, ...]
    group: str
    artifact: str
    version: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """Return the name of the file in the repository and in the cache."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Return the path of the jar inside any Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.file_name}"


def parse(text: str) -> tuple[Jar, ...]:
    """Parse a lock; a jar listed for two folders becomes one entry, so it is downloaded by one task only."""
    folders: dict[tuple[str, int, str], list[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            folder, coordinate, size, sha256 = line.split("\t")
            folders.setdefault((coordinate, int(size), sha256), []).append(folder)
        except ValueError as error:
            raise StackError("jar lock", f"line {number} is malformed: {line!r}", advice="Restore the file.") from error
    return tuple(_jar(tuple(where), *key) for key, where in folders.items())


def _jar(folders: tuple[str, ...], coordinate: str, size: int, sha256: str) -> Jar:
    group, artifact, version = coordinate.split(":")
    return Jar(folders=folders, group=group, artifact=artifact, version=version, size=size, sha256=sha256)


def load(server: str) -> tuple[Jar, ...]:
    """Return the jars of `kafka` or `opensearch`."""
    return parse(text(server))


def text(server: str) -> str:
    """Return the lock of a server as it is stored."""
    return (files("halles_local") / "locks" / f"{server}.lock").read_text()

"""Downloads: resumed, verified, refused; against a real web server on loopback."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from halles_local import download
from halles_local.errors import StackError
from halles_local.lockfile import Jar

CONTENT = bytes(range(256)) * 2000


class Repository(ThreadingHTTPServer):
    """Serves CONTENT at every path; `cut_first` breaks the first answer in the middle."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.cut_first = False
        self.ranges: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/maven"


class Handler(BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        body = self.server.content[start:]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = self.server.cut_first and not self.server.ranges
        self.server.ranges.append(wanted)
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository() -> Iterator[Repository]:
    with Repository() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def jar() -> Jar:
    return Jar(("lib",), "com.example", "thing", "1.0", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_jar_arrives_whole_and_is_not_missing_any_more(tmp_path: Path, repository: Repository, jar: Jar) -> None:
    received: list[int] = []

    download.fetch_all([jar], cache=tmp_path, repository=repository.address, advance=received.append)

    assert (tmp_path / "thing-1.0.jar").read_bytes() == CONTENT
    assert sum(received) == len(CONTENT)
    assert download.missing([jar], tmp_path) == ()


def test_broken_connection_is_resumed_where_it_broke(tmp_path: Path, repository: Repository, jar: Jar) -> None:
    repository.cut_first = True

    download.fetch(jar, tmp_path, repository=repository.address, advance=lambda _: None)

    assert (tmp_path / "thing-1.0.jar").read_bytes() == CONTENT
    assert repository.ranges == [None, f"bytes={len(CONTENT) // 2}-"]


def test_part_of_an_earlier_run_is_used(tmp_path: Path, repository: Repository, jar: Jar) -> None:
    (tmp_path / "thing-1.0.jar.part").write_bytes(CONTENT[:1000])

    download.fetch(jar, tmp_path, repository=repository.address, advance=lambda _: None)

    assert repository.ranges == ["bytes=1000-"]


def test_wrong_bytes_are_refused_and_leave_nothing(tmp_path: Path, repository: Repository, jar: Jar) -> None:
    repository.content = CONTENT[::-1]
    received: list[int] = []

    with pytest.raises(StackError, match="does not have SHA-256"):
        download.fetch(jar, tmp_path, repository=repository.address, advance=received.append)

    assert list(tmp_path.iterdir()) == []
    assert sum(received) == 0
    assert len(repository.ranges) == download.WRONG_HASH_LIMIT


def test_damaged_part_is_thrown_away_and_fetched_again(tmp_path: Path, repository: Repository, jar: Jar) -> None:
    (tmp_path / "thing-1.0.jar.part").write_bytes(b"x" * 1000)

    download.fetch(jar, tmp_path, repository=repository.address, advance=lambda _: None)

    assert (tmp_path / "thing-1.0.jar").read_bytes() == CONTENT
    assert repository.ranges == ["bytes=1000-", None]

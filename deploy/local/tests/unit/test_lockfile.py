"""The jar locks."""

import pytest

from halles_local import lockfile
from halles_local.errors import StackError

SHA = "a" * 64


@pytest.mark.parametrize(("server", "count"), [("kafka", 31), ("opensearch", 105)])
def test_committed_locks_hold_every_jar_once(server: str, count: int) -> None:
    jars = lockfile.load(server)

    assert len(jars) == count
    assert len({jar.file_name for jar in jars}) == count
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)


@pytest.mark.parametrize("server", ["kafka", "opensearch"])
def test_locks_name_no_host(server: str) -> None:
    assert "://" not in lockfile.text(server)


def test_jar_in_two_folders_is_one_download() -> None:
    lock = f"# comment\nlib\torg.ow2.asm:asm:9.9\t10\t{SHA}\nmodules/x\torg.ow2.asm:asm:9.9\t10\t{SHA}\n"

    (jar,) = lockfile.parse(lock)

    assert jar.folders == ("lib", "modules/x")
    assert jar.path == "org/ow2/asm/asm/9.9/asm-9.9.jar"


@pytest.mark.parametrize("line", ["lib org.ow2.asm:asm:9.9 10 abc", f"lib\ta:b:1\tmany\t{SHA}", "lib\ta:b:1\t10"])
def test_malformed_line_is_named(line: str) -> None:
    with pytest.raises(StackError, match="line 1 is malformed"):
        lockfile.parse(line)

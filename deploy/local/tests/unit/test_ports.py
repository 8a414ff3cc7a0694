"""The port table and the settings that move it."""

from pathlib import Path

import pytest

from halles_local.errors import StackError
from halles_local.ports import DATABASES, OFFSETS, SERVERS, SERVICES, Ports
from halles_local.stack import LONGEST_SOCKET_PATH, Stack


def test_every_listener_has_a_port_of_its_own() -> None:
    assert len(set(OFFSETS.values())) == len(OFFSETS)


def test_every_process_has_a_port() -> None:
    assert {*SERVICES, *SERVERS, *DATABASES} <= OFFSETS.keys()


def test_base_moves_every_address() -> None:
    ports = Ports(9600)

    assert ports.of("order") == 9613
    assert ports.address("kafka") == "127.0.0.1:9642"
    assert ports.url("gateway") == "http://127.0.0.1:9601"
    assert ports.public_url("web") == "http://localhost:9600"


@pytest.mark.parametrize("text", ["80", "65535", "-1", "8600x", "1e4"])
def test_unusable_base_is_refused_by_name(text: str) -> None:
    with pytest.raises(StackError, match="HALLES_PORT_BASE"):
        Stack.from_environment({"HALLES_PORT_BASE": text})


def test_settings_name_home_base_and_cache(tmp_path: Path) -> None:
    environment = {"HALLES_HOME": str(tmp_path / "h"), "HALLES_PORT_BASE": "9000", "HALLES_CACHE": str(tmp_path / "c")}

    stack = Stack.from_environment(environment)

    assert (stack.home, stack.ports.base, stack.cache) == (tmp_path / "h", 9000, tmp_path / "c")


def test_socket_of_a_deep_home_still_fits_the_kernel_limit(tmp_path: Path) -> None:
    deep = Stack.from_environment({"HALLES_HOME": str(tmp_path / ("d" * 90))})
    other = Stack.from_environment({"HALLES_HOME": str(tmp_path / ("e" * 90))})

    assert len(str(deep.socket)) <= LONGEST_SOCKET_PATH
    assert deep.socket != other.socket

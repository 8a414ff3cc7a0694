"""What is checked before anything starts."""

import socket

import pytest

from halles_local import preflight
from halles_local.errors import StackError
from halles_local.ports import OFFSETS, Ports


def test_busy_port_is_named_with_its_process_and_the_setting_that_moves_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ports = Ports(port - OFFSETS["order"])

        with pytest.raises(StackError) as caught:
            preflight.check_ports(ports, ["order"])

    assert f"{port} (order)" in caught.value.problem
    assert "HALLES_PORT_BASE" in caught.value.advice


def test_free_range_passes() -> None:
    names = ("kafka", "kafka-controller", "opensearch")

    preflight.check_ports(Ports(preflight.free_base(names)), names)

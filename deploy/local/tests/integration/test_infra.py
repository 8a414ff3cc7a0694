"""A second stack beside any other: up, used, up again, supervisor killed, down, nothing left."""

import os
import signal
import urllib.request
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from rich.console import Console

from halles_local import databases, leftovers, preflight, topics
from halles_local.commands.infra import infra_down, infra_up
from halles_local.errors import StackError
from halles_local.ports import OFFSETS, Ports
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from halles_local.supervisor import Supervisor


@pytest.mark.infra
@pytest.mark.timeout(400)
def test_servers_start_work_and_leave_nothing_behind(tmp_path: Path) -> None:
    cache = Stack.from_environment().cache
    stack = Stack(tmp_path / "home", Ports(preflight.free_base(OFFSETS)), cache, durable=False)
    console = Console(stderr=True)
    try:
        addresses = infra_up(stack, console)
        _check_servers(addresses)
        _check_data(stack)
        assert infra_up(stack, console) == addresses
        elsewhere = replace(stack, ports=Ports(stack.ports.base + 100))
        with pytest.raises(StackError, match=f"{stack.ports.base}.*{elsewhere.ports.base}") as refused:
            infra_up(elsewhere, console)
        assert "infra-down" in refused.value.advice
        assert infra_up(stack, console) == addresses
        _check_crashed_process_returns(stack)
        _check_takes_over_from_killed_supervisor(stack, console)
    finally:
        infra_down(stack, console)
    assert leftovers.find(stack) == ()


def _check_servers(addresses: dict[str, str]) -> None:
    with psycopg.connect(addresses["TEST_POSTGRES_URL"]) as connection:
        assert connection.execute("SHOW server_version_num").fetchone() >= ("180000",)
    with urllib.request.urlopen(addresses["TEST_OPENSEARCH_URL"]) as answer:  # noqa: S310 - loopback
        assert b"3.8.0" in answer.read()


def _check_data(stack: Stack) -> None:
    secrets = Secrets(stack)
    assert "order" in databases.create_missing(stack, secrets)
    assert databases.create_missing(stack, secrets) == ()
    assert "order.order.v1" in topics.create_missing(stack.ports.address("kafka"))
    assert topics.create_missing(stack.ports.address("kafka")) == ()
    _check_roles(stack, secrets)


def _check_roles(stack: Stack, secrets: Secrets) -> None:
    def address(role: str, database: str) -> str:
        return f"postgresql://{role}:{secrets.passwords[role]}@{stack.ports.address('postgres')}/{database}"

    with psycopg.connect(address("order_owner", "order"), autocommit=True) as owner:
        owner.execute("CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
    with psycopg.connect(address("order", "order"), autocommit=True) as role:
        role.execute("INSERT INTO things (name) VALUES ('a')")
        with pytest.raises(InsufficientPrivilege):
            role.execute("CREATE TABLE other (id int)")
        with pytest.raises(InsufficientPrivilege):
            role.execute("DROP TABLE things")
    for foreign in ("payment", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(address("order", foreign))


def _check_crashed_process_returns(stack: Stack) -> None:
    supervisor = Supervisor(stack)
    before = supervisor.state("kafka").pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    infra_up(stack, Console(stderr=True))
    assert supervisor.state("kafka").pid not in (None, before)


def _check_takes_over_from_killed_supervisor(stack: Stack, console: Console) -> None:
    os.kill(int((stack.run / "supervisor.pid").read_text()), signal.SIGKILL)
    assert len(leftovers.find(stack)) >= 3
    infra_up(stack, console)
    assert Supervisor(stack).is_running()

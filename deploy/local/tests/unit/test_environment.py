"""The environment of the processes: complete, separate, changeable in one file."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from halles_local import environment
from halles_local.commands.processes import run_halles
from halles_local.errors import StackError
from halles_local.ports import DATABASES, SERVICES
from halles_local.secret_files import Secrets
from halles_local.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    stack = Stack.from_environment({"HALLES_HOME": str(tmp_path / "home"), "HALLES_CACHE": str(tmp_path / "cache")})
    stack.make_folders()
    Secrets(stack).create_missing()
    return stack


@pytest.mark.parametrize("name", SERVICES)
def test_service_gets_shared_addresses_and_its_own_port(stack: Stack, name: str) -> None:
    values = environment.build(stack, name, Secrets(stack))

    assert environment.shared(stack).items() <= values.items()
    assert values[f"{name.upper()}_PORT"] == str(stack.ports.of(name))


@pytest.mark.parametrize("name", DATABASES)
def test_service_gets_its_own_database_in_two_roles_and_no_other(stack: Stack, name: str) -> None:
    values = environment.build(stack, name, Secrets(stack))

    databases = {key for key in values if key.endswith("DATABASE_URL")}
    assert databases == {f"{name.upper()}_DATABASE_URL", f"{name.upper()}_OWNER_DATABASE_URL"}
    assert values[f"{name.upper()}_DATABASE_URL"].startswith(f"postgresql://{name}:")
    assert values[f"{name.upper()}_OWNER_DATABASE_URL"].startswith(f"postgresql://{name}_owner:")


def test_both_ends_of_a_shared_secret_agree(stack: Stack) -> None:
    secrets = Secrets(stack)
    standins = environment.build(stack, "standins", secrets)

    payment = environment.build(stack, "payment", secrets)
    logistics = environment.build(stack, "logistics", secrets)

    assert standins["STANDIN_STRIPE_WEBHOOK_SECRET"] == payment["PAYMENT_STRIPE_WEBHOOK_SECRET"]
    assert standins["STANDIN_CARRIER_SECRET"] == logistics["LOGISTICS_CARRIER_SECRET"]
    assert payment["PAYMENT_STRIPE_KEY"].startswith("sk_test_")


def test_secrets_stay_the_same_and_are_private(stack: Stack) -> None:
    before = environment.build(stack, "identity", Secrets(stack))

    Secrets(stack).create_missing()

    assert environment.build(stack, "identity", Secrets(stack)) == before
    assert {file.stat().st_mode & 0o777 for file in stack.secrets.iterdir()} == {0o600}
    assert stack.secrets.stat().st_mode & 0o777 == 0o700


def test_other_stack_has_other_secrets(stack: Stack, tmp_path: Path) -> None:
    other = replace(stack, home=tmp_path / "other")
    other.make_folders()

    assert Secrets(other).passwords["order"] != Secrets(stack).passwords["order"]


def test_public_keys_file_holds_no_private_part(stack: Stack) -> None:
    assert '"d"' not in Secrets(stack).client_keys.read_text()
    assert '"d"' in Secrets(stack).client_key("order").read_text()


def test_line_of_settings_file_reaches_only_its_service(stack: Stack) -> None:
    (stack.home / "settings.env").write_text("# mine\nPAYMENT_COMMISSION_BASIS_POINTS=1200\nLOG_LEVEL=DEBUG\n")

    payment = environment.build(stack, "payment", Secrets(stack))
    order = environment.build(stack, "order", Secrets(stack))

    assert payment["PAYMENT_COMMISSION_BASIS_POINTS"] == "1200"
    assert "PAYMENT_COMMISSION_BASIS_POINTS" not in order
    assert payment["LOG_LEVEL"] == order["LOG_LEVEL"] == "DEBUG"


@pytest.mark.parametrize("line", ["COMMISSION=1200", "PAYMENT_COMMISSION_BASIS_POINTS"])
def test_line_that_sets_nothing_is_refused(stack: Stack, line: str) -> None:
    (stack.home / "settings.env").write_text(f"{line}\n")

    with pytest.raises(StackError, match="sets nothing"):
        environment.build(stack, "payment", Secrets(stack))


def test_bytecode_is_never_switched_off(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert "PYTHONDONTWRITEBYTECODE" not in environment.build(stack, "order", Secrets(stack))


def test_an_operators_command_signs_in_as_the_operator_where_kafka_asks(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALLES_KAFKA_ACL", "1")
    given: dict[str, str] = {}
    monkeypatch.setattr(os, "execve", lambda program, arguments, values: given.update(values))

    run_halles(stack, ["lag"])

    assert given["KAFKA_BROKERS"].startswith("admin:")
    assert given["KAFKA_BROKERS"].endswith(stack.ports.address("kafka"))
    assert {"ORDER_DATABASE_URL", "PAYMENT_DATABASE_URL"} <= given.keys()
    assert given.keys().isdisjoint({"KAFKA_USERNAME", "KAFKA_PASSWORD", "HALLES_SERVICE"})

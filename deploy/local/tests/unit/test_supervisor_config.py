"""The generated configuration of the supervisor, read back by the supervisor's own parser."""

from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from halles_local import supervisor_config
from halles_local.errors import StackError
from halles_local.programs import Program
from halles_local.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    stack = Stack.from_environment({"HALLES_HOME": str(tmp_path), "HALLES_CACHE": str(tmp_path / "cache")})
    stack.make_folders()
    return stack


def _parse(stack: Stack, *programs: Program) -> ServerOptions:
    file = stack.run / "supervisord.conf"
    file.write_text(supervisor_config.render(stack, programs))
    options = ServerOptions()
    options.realize(["-c", str(file)])
    return options


def test_values_and_commands_survive_the_file(stack: Stack) -> None:
    values = {"A": "100%", "URL": "postgresql://x:y@127.0.0.1/z?a=1,b=2", "EMPTY": ""}
    program = Program("order", "services", ["/path with space/python", "-m", "order", "50%"], values)

    (group,) = _parse(stack, program).process_group_configs

    (config,) = group.process_configs
    assert config.environment == values
    assert config.command == "'/path with space/python' -m order 50%"


def test_services_stop_before_servers(stack: Stack) -> None:
    order = Program("order", "services", ["order"], {})
    kafka = Program("kafka", "servers", ["kafka"], {})

    groups = _parse(stack, order, kafka).process_group_configs

    assert [group.name for group in sorted(groups, reverse=True)] == ["order", "kafka"]


@pytest.mark.parametrize("value", ['a"b', "a'b", "a\nb", "a ;b", "a #b"])
def test_value_that_the_file_cannot_carry_is_refused_by_name(stack: Stack, value: str) -> None:
    with pytest.raises(StackError, match="ORDER_X"):
        supervisor_config.render(stack, [Program("order", "services", ["order"], {"ORDER_X": value})])

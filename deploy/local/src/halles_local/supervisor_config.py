"""The configuration file of the supervisor, generated from the programs."""

import os
import shlex
from collections.abc import Iterable

from halles_local.errors import StackError
from halles_local.process_environment import inherited
from halles_local.programs import GROUPS, Program
from halles_local.stack import Stack

MAIN = """[supervisord]
logfile={logs}/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={run}/supervisor.pid
childlogdir={logs}
nodaemon=false
nocleanup=true
silent=true
directory={home}
umask=077
{user}
[unix_http_server]
file={socket}
chmod=0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
# A process that ends before `startsecs` is started again after 1, 2, 3 ... seconds; one that ran and then died, at once.
PROGRAM = """
[program:{name}]
command={command}
environment={environment}
priority={priority}
autostart=false
autorestart=true
startsecs=3
startretries=30
stopsignal={stop_signal}
stopwaitsecs={stop_seconds}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
"""


def render(stack: Stack, programs: Iterable[Program]) -> str:
    """Return the configuration of the supervisor that runs `programs`."""
    user = "user=root\n" if os.geteuid() == 0 else ""
    paths = {"home": stack.home, "run": stack.run, "logs": stack.logs, "socket": stack.socket}
    main = MAIN.format(user=user, **{name: _escape(str(path)) for name, path in paths.items()})
    return main + "".join(_program(stack, program) for program in programs)


def _program(stack: Stack, program: Program) -> str:
    # What supervisord itself inherited reaches its children anyway; repeating it would only make this file longer.
    own = {name: value for name, value in program.environment.items() if name not in inherited(stack)}
    return PROGRAM.format(
        name=program.name,
        command=_escape(shlex.join(program.command)),
        environment=",".join(_quote(name, value) for name, value in own.items()),
        priority=GROUPS.index(program.group),
        stop_signal=program.stop_signal,
        stop_seconds=program.stop_seconds,
        logs=_escape(str(stack.logs)),
    )


def _escape(text: str) -> str:
    """Escape `%`, which starts an expansion in the supervisor's files."""
    return text.replace("%", "%%")


def _quote(name: str, value: str) -> str:
    """Return NAME="value"; the supervisor's files know no escape for quotes and take ` ;` and ` #` for comments."""
    if any(mark in value for mark in ('"', "'", "\n", " ;", " #")):
        problem = f"{name} holds a quote, a line break or a comment sign, which the supervisor's file cannot carry"
        raise StackError("settings", problem, advice="Put such a value into a file, if the setting allows it.")
    return f'{name}="{_escape(value)}"'

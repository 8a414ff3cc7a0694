"""The one error that the command line shows as a sentence instead of a traceback."""

from pathlib import Path


class StackError(Exception):
    """A step of the local stack failed: which component, what happened, what the person can do about it.

    `log` names the file whose last lines explain the failure, when there is one.
    """

    def __init__(self, component: str, problem: str, *, advice: str, log: Path | None = None) -> None:
        super().__init__(f"{component}: {problem}")
        self.component = component
        self.problem = problem
        self.advice = advice
        self.log = log

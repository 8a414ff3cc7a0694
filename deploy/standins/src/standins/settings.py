"""Reading settings from the environment; a missing one stops the start and names itself."""

from collections.abc import Mapping
from pathlib import Path


class SettingError(SystemExit):
    """A setting is missing or unusable; the process ends with this sentence."""


class Environment:
    """Typed access to environment variables, so that no other module reads `os.environ`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return the setting; without a default a missing or empty value is an error."""
        value = self._values.get(name, "")
        if value:
            return value
        if default is None:
            raise SettingError(f"Setting {name} is missing.")
        return default

    def integer(self, name: str, *, default: int | None = None) -> int:
        """Return the setting as a whole number."""
        raw = self.text(name, default=None if default is None else str(default))
        try:
            return int(raw)
        except ValueError:
            raise SettingError(f"Setting {name} must be a whole number, not {raw!r}.") from None

    def seconds(self, name: str, *, default: float) -> float:
        """Return the setting as a duration in seconds."""
        raw = self.text(name, default=str(default))
        try:
            return float(raw)
        except ValueError:
            raise SettingError(f"Setting {name} must be a number of seconds, not {raw!r}.") from None

    def host(self) -> str:
        """Return the address to listen on; only a container listens on more than the machine itself."""
        return self.text("STANDIN_HOST", default="127.0.0.1")

    def port(self, name: str, *, offset: int) -> int:
        """Return a port; unset, it is `HALLES_PORT_BASE` (8600) plus the offset of this stand-in."""
        return self.integer(name, default=self.integer("HALLES_PORT_BASE", default=8600) + offset)

    def data_file(self, name: str, *, default_name: str) -> Path:
        """Return the path of a data file and make its folder; unset, it lies under `HALLES_HOME`."""
        home = Path(self.text("HALLES_HOME", default=str(Path.cwd() / ".halles")))
        path = Path(self.text(name, default=str(home / "standins" / default_name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

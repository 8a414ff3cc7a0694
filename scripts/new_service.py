"""A new service from the skeleton, registered everywhere: `make new-service NAME=returns`.

Refuses a name that is taken, that Python cannot import safely, or that would shadow an installed package. Nothing is
written unless every place could be changed.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from string import Template

from scripts.registration import PLACES, NewService, NotRegistered, free_port
from scripts.tree import ROOT

SKELETON = ROOT / "scripts/skeleton"
_NAME = re.compile(r"^[a-z]{3,20}$")


def create(root: Path, name: str, today: date) -> list[Path]:
    """Write the service and register it; the files that are new or changed, relative to the root."""
    _refuse(root, name)
    new = NewService(name=name, port=free_port(_read(root / "deploy/local/src/halles_local/ports.py")))
    changed = {root / path: register(_read(root / path), new) for path, register in PLACES.items()}
    files = {**_skeleton(root / "services" / name, name, today), **changed}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _format(root, [root / "services" / name, root / "deploy/local/src/halles_local/ports.py"])
    return sorted(path.relative_to(root) for path in files)


def _refuse(root: Path, name: str) -> None:
    if not _NAME.match(name):
        raise NotRegistered(f"{name!r}: a service is one lower-case word of 3 to 20 letters")
    if (root / "services" / name).exists():
        raise NotRegistered(f"services/{name} is already there")
    if find_spec(name) is not None:
        raise NotRegistered(f"{name} is already the name of an installed package")


def _skeleton(folder: Path, name: str, today: date) -> dict[Path, str]:
    files = {}
    for source in sorted(SKELETON.rglob("*.txt")):
        relative = str(source.relative_to(SKELETON)).removesuffix(".txt")
        relative = relative.replace("create_service.py", f"{today.isoformat()}_create_{name}.py")
        path = folder / relative.replace("src/service/", f"src/{name}/")
        # Mako files keep their own ${...}.
        text = _read(source)
        files[path] = text if path.suffix == ".mako" else Template(text).substitute(name=name, NAME=name.upper())
    return files


def _format(root: Path, paths: list[Path]) -> None:
    """Sort imports, which depends on the name, and wrap lists that grew too long."""
    ruff = [str(Path(sys.executable).parent / "ruff")]
    config = ["--config", str(root / "pyproject.toml")]
    for command in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([*ruff, *command, *config, *map(str, paths)], cwd=root, check=True)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def main() -> int:
    """Create the service named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    name = parser.parse_args().name
    try:
        written = create(ROOT, name, datetime.now(UTC).date())
    except NotRegistered as error:
        print(f"new-service: {error}")
        return 1
    for path in written:
        print(f"wrote {path}")
    print(f"Next: services/{name}/README.md, an ADR, then `make setup lint types test S={name}`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

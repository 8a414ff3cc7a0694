"""`compose.yaml` is valid, refers to what exists, publishes on loopback only, and sets what services read and nothing else."""

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from halles_local import environment
from halles_local.ports import SERVICES, Ports
from halles_local.process_environment import inherited
from halles_local.secret_files import Secrets
from halles_local.stack import Stack
from scripts.tree import ROOT

Compose = Mapping[str, Any]

SCHEMA = ROOT / "deploy/docker/compose-spec.schema.json"
# The image sets the first; a worker that may be scaled has no name of its own; the others suit a machine from which all visitors come and which does everything at once.
NOT_HERE = {"HALLES_SERVICE", "GATEWAY_READ_BUDGET_MS", "GATEWAY_RATE_LIMIT_PER_MINUTE"}


def check(text: str) -> list[str]:
    """Everything that is wrong with a compose file, as sentences."""
    compose = yaml.safe_load(text)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    broken = [f"{error.instance_path}: {error.message}" for error in jsonschema_rs.iter_errors(schema, compose)]
    if broken:
        return broken
    return [*_references(compose), *_published(compose), *_images(compose), *_settings(compose)]


def _references(compose: Compose) -> Iterator[str]:
    services = compose["services"]
    for name, service in services.items():
        for other in service.get("depends_on", ()):
            if other not in services:
                yield f"{name}: depends on {other}, which is not there"
            elif not set(service.get("profiles", ())) <= set(services[other].get("profiles", ())):
                yield f"{name}: depends on {other}, which is missing in one of its profiles"
        for kind, used in (("secrets", service.get("secrets", ())), ("volumes", _named_volumes(service))):
            yield from (f"{name}: {kind} {item} is not declared" for item in used if item not in compose.get(kind, {}))
        context = service.get("build", {})
        if context and not (ROOT / context["dockerfile"]).exists():
            yield f"{name}: {context['dockerfile']} is not there"
        yield from (f"{name}: {path} is not there" for path in _bound_paths(service) if not (ROOT / path).exists())


def _named_volumes(service: Compose) -> Iterator[str]:
    sources = (volume.split(":")[0] for volume in service.get("volumes", ()))
    return (source for source in sources if not source.startswith((".", "/")))


def _bound_paths(service: Compose) -> Iterator[str]:
    sources = (volume.split(":")[0] for volume in service.get("volumes", ()))
    return (source for source in sources if source.startswith("."))


def _published(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        open_ports = [port for port in service.get("ports", ()) if not str(port).startswith("127.0.0.1:")]
        yield from (f"{name}: port {port} is open to the network" for port in open_ports)


def _images(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        _, _, tag = service.get("image", "").rpartition(":")
        if "build" not in service and tag in ("", "latest", service.get("image", "")):
            yield f"{name}: its image names no version"


def _settings(compose: Compose) -> Iterator[str]:
    local = _local_names()
    for name, service in compose["services"].items():
        owner = name.removesuffix("-migrate")
        if owner not in SERVICES:
            continue
        given = set(service["environment"])
        job_only = {f"{owner.upper()}_OWNER_DATABASE_URL"}
        optional = {*NOT_HERE, f"{owner.upper()}_WORKER_INSTANCE"}
        wanted = local[owner] - optional - (set() if name.endswith("-migrate") else job_only)
        yield from (f"{name}: {missing} is set by the local stack, not here" for missing in sorted(wanted - given))
        yield from (f"{name}: no setting is called {extra}" for extra in sorted(given - _known(owner, local)))


def _known(service: str, local: Mapping[str, set[str]]) -> set[str]:
    """Names that may be set for a service: what all services share, and what its settings class reads."""
    shared = set.intersection(*local.values())
    return shared | _settings_of(service)


def _local_names() -> dict[str, set[str]]:
    """Names that the local stack sets, per service."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), Ports(8600), Path(folder))
        stack.make_folders()
        secrets = Secrets(stack)
        ignored = inherited(stack).keys()
        return {name: environment.build(stack, name, secrets).keys() - ignored for name in SERVICES}


def _settings_of(service: str) -> set[str]:
    """Names of the environment variables that a service reads, from its settings class."""
    module = importlib.import_module(f"{service}.settings")
    classes = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, BaseSettings)]
    own = [settings for settings in classes if settings.model_config.get("env_prefix")]
    return {name for settings in own for name in _names(settings)}


def _names(settings: type[BaseSettings]) -> Iterator[str]:
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        if isinstance(alias, AliasChoices):
            yield from (str(choice) for choice in alias.choices)
        else:
            yield str(alias) if alias is not None else f"{prefix}{name}".upper()


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=ROOT / "compose.yaml")
    found = check(parser.parse_args().file.read_text(encoding="utf-8"))
    for line in found:
        print(f"compose: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

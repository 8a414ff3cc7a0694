"""Contracts of the workspace: `python -m scripts.contracts generate` writes, `... check` is what CI runs.

`generate` writes schemas, AsyncAPI documents and the map, keeps superseded schemas and stubs missing examples. `check`
fails on anything stale, incompatible with a published version, or against the policy, and prints the order of rollout.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from contracts.registry import BY_TYPE
from contracts.topics import load as load_topics
from scripts.contracts.compatibility import essence
from scripts.contracts.examples import example_problems, write_stub
from scripts.contracts.fields import field_problems
from scripts.contracts.folders import Folders, Json
from scripts.contracts.generated import generated_files, stale, write
from scripts.contracts.handlers import handler_problems
from scripts.contracts.policy import dead_letter_policy, file_policy, reserved_policy, services_of, topic_policy
from scripts.contracts.schemas import generate
from scripts.contracts.versions import keep_superseded, published_schemas, schema_problems, topic_problems
from scripts.tree import ROOT, read_workspace


def problems(folders: Folders) -> Iterator[str]:
    """Everything that is wrong, as sentences."""
    schemas, topics = generate(), load_topics()
    yield from stale(folders, generated_files(folders, schemas))
    yield from schema_problems(folders, schemas)
    yield from topic_problems(folders)
    yield from example_problems(folders, schemas, published_schemas(folders))
    yield from field_problems(folders, schemas)
    yield from topic_policy(topics, BY_TYPE, services_of(folders))
    yield from file_policy({topic.name for topic in topics})
    yield from reserved_policy(folders, topics, BY_TYPE)
    yield from dead_letter_policy(topics)
    yield from handler_problems(read_workspace(folders.root), topics, BY_TYPE)


def rollout(folders: Folders, schemas: dict[str, Json]) -> Iterator[str]:
    """For each type that is new or changed since it was last published: who is deployed first."""
    published = published_schemas(folders)
    by_name = {topic.name: topic for topic in load_topics()}
    for type_, schema in schemas.items():
        versions = [essence(version) for version in published.get(type_, [])]
        if essence(schema) not in versions:
            topic = by_name[BY_TYPE[type_].topic]
            readers = ", ".join(topic.consumers) or "nobody"
            yield f"{type_} is {'changed' if versions else 'new'}: deploy {readers}, then {', '.join(topic.producers)}"


def _generate(folders: Folders) -> int:
    schemas = generate()
    changed = keep_superseded(folders, schemas) + write(folders, generated_files(folders, schemas))
    stubs = [write_stub(folders, type_, schema) for type_, schema in schemas.items()]
    for name in changed:
        print(f"wrote {name}")
    for stub in filter(None, stubs):
        print(f"fill by hand: {stub.relative_to(folders.root)}")
    return 0


def _check(folders: Folders) -> int:
    found = list(dict.fromkeys(problems(folders)))
    for problem in found:
        print(f"contracts: {problem}")
    for line in rollout(folders, generate()):
        print(f"rollout: {line}")
    print(f"contracts: {len(BY_TYPE)} types, {len(load_topics())} topics, {len(found)} problems")
    return 1 if found else 0


def main() -> int:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="contracts", description=__doc__)
    parser.add_argument("command", choices=["generate", "check"])
    parser.add_argument("--root", type=Path, default=ROOT, help="the workspace, for tests")
    arguments = parser.parse_args()
    command = {"generate": _generate, "check": _check}[arguments.command]
    return command(Folders(arguments.root.resolve()))


if __name__ == "__main__":
    sys.exit(main())

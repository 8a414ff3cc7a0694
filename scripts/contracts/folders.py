"""Where the contract files live below the root of a workspace."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]
SCHEMAS = "libs/contracts/schemas"
EXAMPLES = "libs/contracts/examples"
TOPICS = "libs/contracts/src/contracts/topics"
BASELINE = "libs/contracts/baseline.md"


@dataclass(frozen=True)
class Folders:
    """Paths of one workspace."""

    root: Path

    @property
    def schemas(self) -> Path:
        """The current schema of every type, one file each."""
        return self.root / SCHEMAS

    @property
    def superseded(self) -> Path:
        """Earlier versions of schemas: what a check without git history compares with."""
        return self.schemas / "superseded"

    @property
    def examples(self) -> Path:
        """Golden messages, one folder for each type."""
        return self.root / EXAMPLES

    @property
    def reserved(self) -> Path:
        """Names of removed types, fields and topics: never reused."""
        return self.root / "libs/contracts/reserved.yaml"

    @property
    def classified(self) -> Path:
        """Fields that may be personal or confidential, each with its reason."""
        return self.root / "libs/contracts/classified.yaml"

    @property
    def asyncapi(self) -> Path:
        """Generated AsyncAPI documents."""
        return self.root / "docs/asyncapi"

    @property
    def map(self) -> Path:
        """Generated page: services, topics, consumers."""
        return self.root / "docs/map.md"


def dump(document: Json) -> str:
    """The one way in which generated JSON is written."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def load(path: Path) -> Json:
    """Read a JSON object."""
    document: Json = json.loads(path.read_text(encoding="utf-8"))
    return document

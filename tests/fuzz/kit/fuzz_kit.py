"""Runs of schemathesis: who calls, at which address, with which document, for how long."""

import copy
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from e2e_kit import PASSWORD, World
from internal_tokens import Somebody, document_of

from halles_local.stack import Stack

ROLES = ("anonymous", "buyer", "seller", "operator")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "ignored_auth",
    "refusals_are_problems",
)
# Streams do not end; signing out would end the run's own sign-in.
LEFT_OUT = ("/v1/orders/{order_id}/events", "/v1/sessions/current")
GRACE_SECONDS = 60
_KIT = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """One run of schemathesis. ``seconds`` bounds it, its start apart."""

    target: str
    url: str
    document: Path
    token: str
    seconds: float
    seed: int

    def command(self) -> list[str]:
        left_out = [word for path in LEFT_OUT for word in ("--exclude-path", path)]
        authorization = ["-H", f"Authorization: Bearer {self.token}"] if self.token else []
        return [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(self.document), "--url", self.url, "--no-color"),
            *("--phases", "examples,coverage,fuzzing,stateful", "--mode", "all", "--continue-on-failure"),
            *("--max-time", str(int(self.seconds)), "--seed", str(self.seed), "--max-examples", str(self.examples)),
            *("--request-timeout", "30", "--warnings", "off", "--generation-database", "none", "--no-shrink"),
            *("--suppress-health-check", "all", "--checks", ",".join(CHECKS), *left_out, *authorization),
        ]

    @property
    def examples(self) -> int:
        return max(2, int(self.seconds / 3))

    def failures(self) -> str:
        """Run it; what schemathesis reports when it found something, else nothing."""
        environment = {**os.environ, "PYTHONPATH": str(_KIT), "SCHEMATHESIS_HOOKS": "fuzz_hooks"}
        done = subprocess.run(
            self.command(),
            capture_output=True,
            text=True,
            cwd=self.document.parent,
            env=environment,
            timeout=self.seconds * 4 + GRACE_SECONDS,
        )
        return f"{done.stdout[-20_000:]}\n{done.stderr[-2_000:]}" if done.returncode else ""


def written(name: str, stack: Stack, folder: Path) -> Path:
    """The document of the gateway or of a service, as a file."""
    made = document_of(name, stack)
    file = folder / f"{name}.json"
    file.write_bytes(orjson.dumps(_with_bearer_only(made) if name == "gateway" else made))
    return file


def _with_bearer_only(public: dict[str, Any]) -> dict[str, Any]:
    """Runs sign in by token: a made-up cookie beside the real token would be taken for accepted forgery."""
    public = copy.deepcopy(public)
    for item in public["paths"].values():
        for operation in item.values():
            operation["security"] = [way for way in operation["security"] if "session" not in way]
    del public["components"]["securitySchemes"]["session"]
    return public


async def cast(world: World) -> dict[str, Somebody]:
    """One of each role; the seller has a new shop of her own."""
    buyer, owner = await world.buyer(), await world.buyer()
    shop = {
        "handle": f"fuzz-{uuid4().hex[:8]}",
        "name": "Essais",
        "description": {"fr": "Essais", "en": "Trials"},
        "town": "Lyon",
        "postal_code": "69002",
        "country": "FR",
        "latitude": "45.76",
        "longitude": "4.83",
    }
    seller_id = (await owner.post("/v1/sellers", shop))["seller_id"]
    await world.operator.post(f"/v1/operator/sellers/{seller_id}/open")
    people = {"buyer": buyer, "seller": owner, "operator": world.operator}
    found = {"anonymous": Somebody()}
    for role, caller in people.items():
        me = await caller.get("/v1/me")
        if role == "seller":
            await caller.sign_in(me["email"], PASSWORD)
            me = await caller.get("/v1/me")
        members = {seller["seller_id"]: seller["role"] for seller in me["sellers"]}
        found[role] = Somebody(caller.token, me["account_id"], tuple(me["roles"]), members)
    return found

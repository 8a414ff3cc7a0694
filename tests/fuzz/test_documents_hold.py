"""No input brings a 5xx, every answer is what the documents say, every refusal an RFC 9457 problem (schemathesis).

``make fuzz-short`` gives each run seconds, ``make fuzz`` minutes (FUZZ_SECONDS); FUZZ_SEED repeats a run.
"""

import os
import random
from pathlib import Path

import pytest
import pytest_asyncio
from e2e_kit import World
from fuzz_kit import ROLES, Run, cast, written
from internal_tokens import Somebody, internal_token, signing_key

from halles_local.ports import DATABASES

SECONDS = float(os.environ.get("FUZZ_SECONDS") or 8)
SEED = int(os.environ.get("FUZZ_SEED") or random.randrange(2**32))
# In the short run each service is asked by one role, another one in the next run.
ROLES_PER_SERVICE = 1 if SECONDS < 60 else len(ROLES)
SERVICE_SHARE = 0.4

pytestmark = [pytest.mark.stack, pytest.mark.timeout(SECONDS * 8 + 120)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def people(world: World) -> dict[str, Somebody]:
    return await cast(world)


def report(run: Run, role: str) -> None:
    if found := run.failures():
        pytest.fail(f"{run.target} as {role}, FUZZ_SEED={run.seed}\n{found}", pytrace=False)


@pytest.mark.parametrize("role", ROLES)
def test_the_gateway_keeps_its_word(world: World, people: dict[str, Somebody], role: str, tmp_path: Path) -> None:
    stack = world.place.stack
    url, file = stack.ports.url("gateway"), written("gateway", stack, tmp_path)

    report(Run("gateway", url, file, people[role].token, SECONDS, SEED), role)


@pytest.mark.parametrize("service", DATABASES)
def test_each_service_keeps_its_word(world: World, people: dict[str, Somebody], service: str, tmp_path: Path) -> None:
    stack = world.place.stack
    url, file = stack.ports.url(service), written(service, stack, tmp_path)
    chosen = random.Random(f"{SEED}{service}").sample(ROLES, ROLES_PER_SERVICE)

    for role in chosen:
        token = internal_token(signing_key(stack), people[role], service)
        report(Run(service, url, file, token, max(2, SECONDS * SERVICE_SHARE), SEED), role)

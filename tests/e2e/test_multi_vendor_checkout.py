"""The main journey, as `make demo` plays it: two sellers, one cart, 3-D Secure, parcels, a review, transfers to the cent."""

import asyncio
import os
import sys

import pytest
from e2e_kit import World

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]


async def test_the_main_journey_adds_up(world: World) -> None:
    stack = world.place.stack
    address = {"HALLES_HOME": str(stack.home), "HALLES_PORT_BASE": str(stack.ports.base)}
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "halles_local.demo",
        env={**os.environ, **address},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await demo.communicate()

    assert demo.returncode == 0, told.decode()[-6000:]
    assert "✗" not in told.decode()
    await world.at_rest()

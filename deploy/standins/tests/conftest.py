"""Running stand-ins for the tests; one Stripe process per module of tests, reset before each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from standins.testing.process import RunningStandin
from standins.testing.receiver import Receiver
from standins.testing.sdk import CheckedStripe
from standins.testing.stripe_scenes import Scenes

WEBHOOK_SECRET = "whsec_of_tests"


@pytest.fixture(scope="module")
async def receiver() -> AsyncIterator[Receiver]:
    """Receive callbacks."""
    async with Receiver() as listening:
        yield listening


@pytest.fixture(scope="module")
async def running_stripe(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> AsyncIterator[RunningStandin]:
    """Run the Stripe stand-in."""
    folder: Path = tmp_path_factory.mktemp("stripe")
    settings = {
        "STANDIN_STRIPE_WEBHOOK_URL": receiver.url,
        "STANDIN_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STANDIN_STRIPE_THIN_WEBHOOK_URL": receiver.url,
        "STANDIN_STRIPE_THIN_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STANDIN_STRIPE_RETRY_SECONDS": "0.1",
        "STANDIN_STRIPE_ASYNC_SECONDS": "60",
    }
    standin = await RunningStandin("stripe", folder, settings).start()
    yield standin
    assert await standin.stop() == 0, standin.log()


@pytest.fixture
async def standin(running_stripe: RunningStandin, receiver: Receiver) -> RunningStandin:
    """Give a wiped Stripe stand-in."""
    await running_stripe.control("POST", "/reset")
    receiver.received.clear()
    receiver.answers.clear()
    return running_stripe


@pytest.fixture
def checked(standin: RunningStandin) -> Iterator[CheckedStripe]:
    """Give the real SDK on the stand-in; wrong shapes fail the test at its end."""
    sdk = CheckedStripe(standin.url)
    yield sdk
    sdk.close()


@pytest.fixture
def scenes(checked: CheckedStripe) -> Scenes:
    """Give ready-made steps."""
    return Scenes(checked.client)

"""Command line: `python -m standins [stripe|mail|carrier]`; without a name, all of them in one process."""

import argparse
import asyncio
import logging
import os

import uvloop

from standins.carrier.app import carrier_standin
from standins.mail.app import mail_standin
from standins.server import Standin, run_standins
from standins.settings import Environment
from standins.stripe.app import stripe_standin

BUILDERS = {"stripe": stripe_standin, "mail": mail_standin, "carrier": carrier_standin}


def main() -> None:
    """Run the chosen stand-ins until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m standins", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BUILDERS), help="one stand-in alone; all without it")
    chosen = parser.parse_args().name
    environment = Environment(os.environ)
    logging.basicConfig(
        level=environment.text("LOG_LEVEL", default="INFO").upper(),
        format='{"time":"%(asctime)s","level":"%(levelname)s","service":"%(name)s","message":"%(message)s"}',
    )
    names = [chosen] if chosen else sorted(BUILDERS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_standins([_build(name, environment) for name in names]))


def _build(name: str, environment: Environment) -> Standin:
    return BUILDERS[name](environment)


if __name__ == "__main__":
    main()

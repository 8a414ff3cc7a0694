"""``python -m payment serve | api | worker | relay | migrate``."""

from payment.app import build
from payment.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("payment", Settings, build)

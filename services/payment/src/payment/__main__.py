"""``python -m payment serve | api | worker | relay | migrate``."""

from chassis.run import main
from payment.app import build
from payment.settings import Settings

if __name__ == "__main__":
    main("payment", Settings, build)

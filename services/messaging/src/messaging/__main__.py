"""`python -m messaging serve | api | worker | relay | migrate | …`."""

from chassis.run import main
from messaging.app import build
from messaging.settings import Settings

if __name__ == "__main__":
    main("messaging", Settings, build)

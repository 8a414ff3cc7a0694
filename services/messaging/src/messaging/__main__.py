"""`python -m messaging serve | api | worker | relay | migrate | …`."""

from messaging.app import build
from messaging.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("messaging", Settings, build)

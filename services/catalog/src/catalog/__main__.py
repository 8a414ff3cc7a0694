"""`python -m catalog serve | api | worker | relay | migrate | republish | rebuild | …`."""

from catalog.app import build
from catalog.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("catalog", Settings, build)

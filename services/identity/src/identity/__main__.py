"""`python -m identity serve | api | worker | relay | migrate | …`."""

from identity.app import build
from identity.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("identity", Settings, build)

"""`python -m identity serve | api | worker | relay | migrate | …`."""

from chassis.run import main
from identity.app import build
from identity.settings import Settings

if __name__ == "__main__":
    main("identity", Settings, build)

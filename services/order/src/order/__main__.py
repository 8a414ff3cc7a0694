"""``python -m order serve | api | worker | relay | migrate | …``"""

from order.app import build
from order.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("order", Settings, build)

"""``python -m order serve | api | worker | relay | migrate | …``"""

from chassis.run import main
from order.app import build
from order.settings import Settings

if __name__ == "__main__":
    main("order", Settings, build)

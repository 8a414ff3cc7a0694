"""``python -m logistics serve | api | worker | relay | migrate | …``"""

from logistics.app import build
from logistics.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("logistics", Settings, build)

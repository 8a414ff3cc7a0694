"""``python -m analytics serve | api | worker | relay | migrate | …``"""

from analytics.app import build
from analytics.settings import Settings
from runtime.run import main

main("analytics", Settings, build)

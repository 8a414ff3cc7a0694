"""``python -m review serve | api | worker | relay | migrate | …``"""

from review.app import build
from review.settings import Settings
from runtime.run import main

main("review", Settings, build)

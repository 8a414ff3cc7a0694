"""``python -m review serve | api | worker | relay | migrate | …``"""

from chassis.run import main
from review.app import build
from review.settings import Settings

main("review", Settings, build)

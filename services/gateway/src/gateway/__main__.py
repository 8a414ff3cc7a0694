"""``python -m gateway serve``: the public API."""

from chassis.run import main
from gateway.app import build
from gateway.settings import Settings

if __name__ == "__main__":
    main("gateway", Settings, build)

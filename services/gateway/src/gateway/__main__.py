"""``python -m gateway serve``: the public API."""

from gateway.app import build
from gateway.settings import Settings
from runtime.run import main

if __name__ == "__main__":
    main("gateway", Settings, build)

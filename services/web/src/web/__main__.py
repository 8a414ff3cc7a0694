"""``python -m web serve``: the site."""

import argparse

import uvicorn

from runtime import log
from web.app import build
from web.settings import Settings


def main() -> None:
    """Serve until SIGTERM. Settings that are missing or wrong stop the start with a message for each."""
    parser = argparse.ArgumentParser(prog="python -m web")
    parser.add_argument("command", choices=("serve", "api"))
    parser.parse_args()
    settings = Settings()
    log.configure("web", settings.log_level)
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()

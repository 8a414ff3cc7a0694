"""Wait for something outside this process, polling quickly at first and more slowly later."""

import time
from collections.abc import Callable

FIRST_PAUSE = 0.03
LONGEST_PAUSE = 0.4
ALIVE_SECONDS = 1.0


class NotReady(Exception):
    """The thing waited for is not there yet; the text says what is missing."""


def wait_until(check: Callable[[], None], *, seconds: float, alive: Callable[[], None] | None = None) -> None:
    """Call `check` until it stops raising NotReady; raise the last NotReady after `seconds`.

    `alive` is called about once a second between tries and may raise to give up early, for example because the process
    has ended.
    """
    end = time.monotonic() + seconds
    looked = time.monotonic()
    pause = FIRST_PAUSE
    while True:
        try:
            check()
            return
        except NotReady:
            if time.monotonic() > end:
                raise
        if alive is not None and time.monotonic() - looked > ALIVE_SECONDS:
            alive()
            looked = time.monotonic()
        time.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 1.3)

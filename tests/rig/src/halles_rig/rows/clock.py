"""A service whose clock is wrong."""

from pathlib import Path

from halles_rig.pausing import last
from halles_rig.row import NotHere, Run, row
from halles_rig.rows.claims import everybody_was_told

SHIFTS = ("+1h", "-1h", "+3d")
LIBRARY = "/usr/lib/*/faketime/libfaketime.so.1"


def _library() -> str:
    found = sorted(Path("/").glob(LIBRARY.lstrip("/")))
    if not found:
        raise NotHere("libfaketime is not installed (Debian: apt-get install libfaketime)")
    return str(found[0])


@row("F-37", "clock of the order workers one hour ahead, one behind, three days ahead")
async def f37(run: Run) -> None:
    library = _library()
    workers = run.rig.of_service("order", "worker")
    async with run.trading():
        for shift in SHIFTS:
            for worker in workers:
                await worker.stop()
                # The monotonic clock stays as it is: asyncio's timers are no calendar.
                worker.start({"LD_PRELOAD": library, "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1"})
                await worker.until_ready()
            await last(run.seconds(6))
        for worker in workers:
            await worker.stop()
            worker.start()
            await worker.until_ready()
    run.note(f"shifted by {', '.join(SHIFTS)}")
    everybody_was_told(run)

import asyncio
import cProfile
import os
import pstats
import time
from typing import Any


async def test_perf(rig: Any, make: Any) -> None:
    warm = [make.order() for _ in range(5)]
    for o in warm:
        await rig.paid(o)
    N = 60
    orders = [make.order() for _ in range(N)]
    c0, t0 = time.process_time(), time.time()
    pr = cProfile.Profile() if os.environ.get("PROF") else None
    if pr:
        pr.enable()
    for o in orders:
        await rig.tell(o.placed(), twice=False)
        await rig.tell(o.authorise(), twice=False)
        while True:
            r = await rig.rows("SELECT state FROM payments WHERE order_id=%s", (o.order_id,))
            if r and r[0]["state"] == "authorised":
                break
            await asyncio.sleep(0.003)
        await rig.tell(o.capture(), twice=False)
        while True:
            r = await rig.rows("SELECT state FROM payments WHERE order_id=%s", (o.order_id,))
            if r[0]["state"] == "paid":
                break
            await asyncio.sleep(0.003)
    if pr:
        pr.disable()
        pstats.Stats(pr).sort_stats("tottime").print_stats(35)
    print("PER ORDER ms cpu", (time.process_time() - c0) / N * 1000, "wall", (time.time() - t0) / N * 1000)

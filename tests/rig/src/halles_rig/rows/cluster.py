"""Rows that need a log of their own: several brokers, and a broker that lost everything."""

import asyncio
import shutil
import time

from halles_local import topics
from halles_rig import servers
from halles_rig.cluster import Cluster
from halles_rig.pausing import last
from halles_rig.row import Run, row
from halles_rig.rows.claims import everybody_was_told
from halles_rig.rows.delivery import command


@row(
    "F-13",
    "three brokers, each write on two: the one that leads most partitions is killed, comes back, leaders move",
    spoils=True,
)
async def f13(run: Run) -> None:
    async with Cluster(run.rig).running() as cluster:
        async with run.trading():
            await last(run.seconds(5))
            leaders = await cluster.leaders()
            victim = leaders.most_common(1)[0][0]
            cluster.broker(victim).kill()
            await cluster.broker(victim).gone()
            await last(run.seconds(12))
            moved = await cluster.leaders() if victim != 1 else None
            await run.rig.start([f"kafka-{victim}"])
            await last(run.seconds(8))
        if moved is not None:
            run.require(moved[victim] == 0, f"the dead broker still leads {moved[victim]} partitions")
        await run.settle()
        idle = {group: behind for group, behind in (await cluster.behind()).items() if behind}
        run.require(not idle, f"groups that do not move afterwards: {idle}")
    run.note(f"broker {victim} led {leaders[victim]} of {leaders.total()} partitions")
    everybody_was_told(run)


@row("F-12", "broker killed and started again with its log wiped; states republished", breaks=["I11"], spoils=True)
async def f12(run: Run) -> None:
    kafka, stack = run.rig.process("kafka"), run.rig.stack
    async with run.trading():
        await last(run.seconds(8))
        kafka.kill()
        await kafka.gone()
        lost = time.monotonic()
        shutil.rmtree(stack.server("kafka") / "data")
        await asyncio.to_thread(servers.prepare, run.rig.plan, run.rig.secrets)
        kafka.start()
        await kafka.until_ready()
        await asyncio.to_thread(topics.create_missing, stack.ports.address("kafka"))
        for service in ("identity", "catalog", "review"):
            await command(run, service, "republish")
        back = time.monotonic() - lost
        await last(run.seconds(12))
    run.note(f"log empty and states republished {back:.1f} s after the loss")

"""Events that come twice, late, out of order or broken, handlers with a bug, and projections rebuilt from the log."""

import asyncio
import json
import sys
import uuid
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import MessageSizeTooLargeError

from contracts.topics import Topic, dead_letter_name, load
from halles_rig.kafka_log import places_and_ends, produce, records
from halles_rig.pausing import last, seen
from halles_rig.row import Run, row
from halles_rig.tables import one

SECONDS = 20.0
CONSUMING = ("serve", "worker")


async def _trade_with(run: Run, way: str) -> None:
    """Every consumer restarted with the wrapper, a while of L1, every consumer as it was."""
    names = [name for name, role in run.rig.roles.items() if role.role in CONSUMING and role.service != "gateway"]
    await _restart(run, names, {"RIG_DELIVERY": way})
    try:
        async with run.trading():
            await last(run.seconds(SECONDS))
        # What is under way has to arrive through the wrapper, too.
        await last(run.seconds(4))
    finally:
        await _restart(run, names, {})
    run.note(f"all {len(names)} consuming processes")


async def _restart(run: Run, names: list[str], extra: dict[str, str]) -> None:
    """All of them at once, through the wrapper when it is told what to do."""
    processes = [run.rig.process(name) for name in names]
    await asyncio.gather(*(process.stop() for process in processes))
    for process in processes:
        process.start(extra, through="halles_rig.shim" if extra else None)
    await asyncio.gather(*(process.until_ready() for process in processes))


@row("F-31", "every event delivered twice, one in a hundred ten times")
async def f31(run: Run) -> None:
    await _trade_with(run, "twice")


@row("F-32", "delays and reordering across keys, order within a key kept")
async def f32(run: Run) -> None:
    await _trade_with(run, "delayed")


@row("F-33", "reordering within a key, a third of the events after their successors")
async def f33(run: Run) -> None:
    await _trade_with(run, "shuffled")


def _headers(topic: Topic, **changed: bytes | None) -> list[tuple[str, Any]]:
    """Headers as the envelope has them; a None takes one out."""
    whole: dict[str, bytes | None] = {
        "ce_specversion": b"1.0",
        "ce_id": str(uuid.uuid4()).encode(),
        "ce_type": topic.types[0].encode(),
        "ce_source": b"/services/rig",
        "ce_subject": b"poison",
        "ce_time": b"2026-01-01T00:00:00+00:00",
        "ce_sequence": b"00000000000000000001",
        "ce_correlationid": b"req_poison",
        **changed,
    }
    return [(name, value) for name, value in whole.items() if value is not None]


def _poisons(topic: Topic) -> list[tuple[str, bytes | None, bytes | None, list[tuple[str, Any]]]]:
    """Records that no reader can read; the last one is of a type that nobody knows yet, which is no error."""
    name, _, _ = topic.types[0].rpartition(".")
    kinds: list[tuple[bytes | None, list[tuple[str, Any]]]] = [
        (b"{}", [*_headers(topic, ce_id=None), ("ce_id", None)]),
        (b"{}", _headers(topic, ce_type=b"\xff\xfe")),
        (b"{}", []),
        (b"{not json", _headers(topic)),
        (b'{"surprise": true}', _headers(topic)),
        (b"{}", _headers(topic, ce_type=f"{name}.v99".encode())),
        (None, _headers(topic)),
        (b"{}", _headers(topic, ce_type=f"{topic.owner}.never-heard-of.v1".encode())),
    ]
    return [(topic.name, f"poison-{n}".encode(), value, headers) for n, (value, headers) in enumerate(kinds)]


DEAD_PER_TOPIC = 7


@row(
    "F-34",
    "poison in every topic: null and broken headers, bad JSON, wrong schema, unknown major, tombstone",
    short=True,
)
async def f34(run: Run) -> None:
    topics = [topic for topic in load() if topic.kind != "activity"]
    expected = {
        dead_letter_name(group, topic.name): DEAD_PER_TOPIC
        for topic in topics
        for group in topic.consumers
        if group != "gateway"
    }
    async with run.trading():
        await last(run.seconds(3))
        sent = await produce(run.rig.stack, [poison for topic in topics for poison in _poisons(topic)])
        refused = await _too_large(run, topics[0].name)
        await last(run.seconds(8))

    async def buried() -> bool:
        return await _dead(run, expected) == expected

    try:
        await seen("every poison is in its dead-letter topic once", buried, seconds=60, pause=1.0)
    finally:
        found = await _dead(run, expected)
        wrong = {name: number for name, number in found.items() if number != expected[name]}
        run.require(not wrong, f"dead letters, {DEAD_PER_TOPIC} expected each: {wrong}")
        await _empty(run, list(expected))
    run.require(refused, "the broker took a record of 5 MB")
    run.note(f"{sent} records, {sum(found.values())} dead letters in {len(found)} topics; 5 MB refused by the broker")


async def _too_large(run: Run, topic: str) -> bool:
    try:
        await produce(run.rig.stack, [(topic, b"poison", b"x" * 5_000_000, [])])
    except MessageSizeTooLargeError:
        return True
    return False


async def _dead(run: Run, names: dict[str, int]) -> dict[str, int]:
    found = dict.fromkeys(names, 0)
    for record in await records(run.rig.stack, list(names)):
        found[record.topic] += 1
    return found


async def _empty(run: Run, topics: list[str]) -> None:
    """An operator has dealt with them."""
    ends: dict[TopicPartition, int] = await places_and_ends(run.rig.stack, topics)
    admin = AIOKafkaAdminClient(bootstrap_servers=run.rig.stack.ports.address("kafka"))
    await admin.start()
    try:
        await admin.delete_records({place: RecordsToDelete(before_offset=end) for place, end in ends.items() if end})
    finally:
        await admin.close()


@row("F-35", "a bug for one key only: its events are parked in order, others flow; drained after the mend")
async def f35(run: Run) -> None:
    offer = run.crowd.world.offers[-1]
    owner, seller_id = run.crowd.owners[offer.seller], run.crowd.world.seller_ids[offer.seller]
    workers = [process.name for process in run.rig.of_service("order", "worker")]
    await _restart(run, workers, {"RIG_BUG_KEY": offer.offer_id})
    path = f"/v1/sellers/{seller_id}/offers/{offer.offer_id}"
    async with run.trading():
        for n in range(5):
            async with owner.lock:
                await owner.call("edit", "PATCH", path, {"price": {"amount": 2000 + n, "currency": "EUR"}})
            await last(1)

        async def parked() -> bool:
            return int(one(run.rig.sources(), "order", _PARKED.format(key=offer.offer_id))["n"]) >= 5

        await seen("all five are parked", parked, seconds=60)
        others = one(run.rig.sources(), "order", _OTHERS.format(key=offer.offer_id))["n"]
        await _restart(run, workers, {})
        drained = await command(run, "order", "parked", "drain")
    run.require(others == 0, f"{others} events of other keys are parked")
    told = [json.loads(line) for line in drained.splitlines() if line.startswith('{"consumer"')]
    run.note(f"{sum(key['drained'] for key in told)} events of the key drained after the mend")


_PARKED = "SELECT count(*) AS n FROM parked_events WHERE key = '{key}'"
_OTHERS = "SELECT count(*) AS n FROM parked_events WHERE key <> '{key}'"


async def command(run: Run, service: str, *words: str) -> str:
    """A command of a service, as an operator runs it."""
    role = next(role for role in run.rig.roles.values() if role.service == service)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", service, *words,
        env=run.rig.plan.environment(role), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    run.require(process.returncode == 0, f"{service} {' '.join(words)} failed: {told.decode()[-300:]}")
    return told.decode()


@row("F-36", "search index and analytics rebuilt from the log, under load and then at rest")
async def f36(run: Run) -> None:
    async with run.trading():
        await last(run.seconds(3))
        await asyncio.gather(command(run, "catalog", "rebuild"), command(run, "analytics", "rebuild"))
        await last(run.seconds(3))
    await run.settle()
    before = await _effects(run)
    await asyncio.gather(command(run, "catalog", "rebuild"), command(run, "analytics", "rebuild"))
    await last(3)
    after = await _effects(run)
    run.require(after == before, f"effects before the rebuild {before}, after it {after}")
    run.note(f"mails, charges, transfers before and after: {after}")


async def _effects(run: Run) -> tuple[int, int, int]:
    """Mails, charges and transfers that left the platform."""
    mails = one(run.rig.sources(), "messaging", "SELECT count(*) AS n FROM mails WHERE status = 'sent'")["n"]
    book = await asyncio.to_thread(run.rig.sources().provider_book)
    return int(mails), len(book["charges"]), len(book["transfers"])

"""What may go into the outbox, and what travels with it."""

from typing import Annotated

import pytest
from pydantic import Field
from spine_kit import Spine, Ticked, drained, relay_of

from chassis import context, outbox
from chassis.outbox import MAX_BYTES, EventTooLarge
from contracts.event import Event

pytestmark = pytest.mark.infra


class Essay(Event, topic="spine.tick.v1", type="spine.essay.v1"):
    """Something that can be long."""

    text: Annotated[str, Field(max_length=10**7)]


async def test_an_event_that_no_broker_takes_fails_the_request_and_not_the_relay(spine: Spine) -> None:
    with pytest.raises(EventTooLarge, match=r"spine\.essay\.v1 for ess_1"):
        async with spine.db.hot_transaction() as tx:
            await tx.execute("INSERT INTO effects (key, value) VALUES ('a', 1)")
            outbox.add(tx, Essay(text="x" * MAX_BYTES), subject="ess_1", sequence=1)

    assert (await spine.count("outbox"), await spine.effects()) == (0, [])


async def test_the_largest_event_allowed_arrives(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Essay, "topic", spine.topic)
    async with spine.db.hot_transaction() as tx:
        outbox.add(tx, Essay(text="x" * (MAX_BYTES - 20)), subject="ess_1", sequence=1)
        outbox.add(tx, Ticked(key="ess_1", value=1), subject="ess_1", sequence=2)

    async with relay_of(spine) as relay:
        await drained(relay)

    assert [len(record.value or b"") > 100_000 for record in await spine.read(spine.topic)] == [True, False]


async def test_an_event_carries_what_caused_it_and_its_place_in_the_aggregate(spine: Spine) -> None:
    cause = context.Cause("req_1", "evt_0", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    async with spine.db.hot_transaction() as tx:
        with context.bound(cause):
            event_id = outbox.add(tx, Ticked(key="a", value=1), subject="a", sequence=7, replay=True)

    async with relay_of(spine) as relay:
        await drained(relay)

    (record,) = await spine.read(spine.topic)
    headers = {name: (value or b"").decode() for name, value in record.headers}
    assert record.key == b"a"
    assert (headers["ce_id"], headers["ce_subject"]) == (str(event_id), "a")
    assert headers["ce_sequence"] == "00000000000000000007"
    assert (headers["ce_correlationid"], headers["ce_causationid"]) == ("req_1", "evt_0")
    assert (headers["ce_traceparent"], headers["ce_replay"]) == (cause.traceparent, "true")
    assert headers["ce_source"] == "/services/spine"


async def test_both_faces_of_the_transaction_write_the_outbox(spine: Spine) -> None:
    async with spine.db.transaction() as session:
        outbox.add(session, Ticked(key="a", value=1), subject="a", sequence=1)
    async with spine.db.hot_transaction() as tx:
        outbox.add(tx, Ticked(key="a", value=2), subject="a", sequence=2)

    assert await spine.count("outbox") == 2

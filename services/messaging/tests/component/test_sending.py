"""What happens when the mail server, identity or our own process fails in the middle."""

import asyncio
from typing import Any

import pytest

from contracts.identity import AccountMailRequested
from messaging.consumers.subscription import SUBSCRIPTION
from messaging.domain.delivery import LEASE, Verdict
from messaging.repository import mails
from testkit import deliver, eventually

EVENT = AccountMailRequested(account_id="acc_zoe", request_id="mlr_1", purpose="password-changed")


async def ask(world: Any) -> None:
    world.identity.requests["mlr_1"] = {"account_id": "acc_zoe", "purpose": "password-changed"}
    await deliver(world.db, SUBSCRIPTION, [(EVENT, "acc_zoe", 2)])


async def only_mail(world: Any) -> dict[str, Any]:
    (row,) = await world.rows("SELECT *, next_at - now() AS pause FROM mails")
    return dict(row)


async def tried(world: Any, attempts: int) -> dict[str, Any]:
    """The mail once this try has ended."""
    world.wake()

    async def ended() -> dict[str, Any] | None:
        row = await only_mail(world)
        return row if row["attempts"] == attempts and row["status"] != "sending" else None

    found: dict[str, Any] = await eventually(ended)
    return found


async def test_a_temporary_refusal_is_tried_again_with_growing_pauses(world: Any) -> None:
    world.post.answers = ["451 try later", "451 try later"]
    await ask(world)

    first = await tried(world, 1)
    await world.hurry()
    second = await tried(world, 2)
    await world.hurry()
    await world.quiet()

    assert (first["status"], second["status"], first["last_error"]) == ("due", "due", "451 try later")
    assert first["pause"].total_seconds() <= 2 < second["pause"].total_seconds() <= 4
    assert len(world.post.mails) == 1


async def test_a_refusal_for_good_is_not_repeated(world: Any) -> None:
    world.post.refused = {"zoe@example.org"}
    await ask(world)

    await world.quiet("failed")

    row = await only_mail(world)
    assert (row["attempts"], row["last_error"], world.post.seen) == (1, "550 5.1.1 no such mailbox", 0)


async def test_a_line_that_breaks_while_handing_over_is_doubtful_and_the_copy_has_the_same_id(world: Any) -> None:
    world.post.answers = ["take and drop"]
    await ask(world)

    first = await tried(world, 1)
    await world.hurry()
    await world.quiet()

    assert (first["status"], first["doubts"], first["pause"].total_seconds() > 50) == ("due", 1, True)
    one, copy = world.post.mails
    assert one["message-id"] == copy["message-id"] and one["date"] == copy["date"]
    assert one["x-halles-key"] == copy["x-halles-key"] == "account:mlr_1"


async def test_doubt_ends_after_three_tries(world: Any) -> None:
    world.post.answers = ["drop", "drop", "drop"]
    await ask(world)

    for attempt in (1, 2, 3):
        row = await tried(world, attempt)
        await world.hurry()
    world.wake()

    assert (row["status"], row["doubts"], world.post.seen) == ("doubtful", 3, 3)


async def test_nothing_is_lost_while_identity_is_away(world: Any) -> None:
    world.identity.status = 503
    await ask(world)
    first = await tried(world, 1)

    world.identity.status = 200
    await world.hurry()
    await world.quiet()

    assert (first["status"], first["doubts"], len(world.post.mails)) == ("due", 0, 1)


async def test_a_wrong_answer_of_identity_is_no_reason_to_drop_a_mail(world: Any) -> None:
    world.identity.status = 403
    await ask(world)

    row = await tried(world, 1)

    assert (row["status"], world.post.seen) == ("due", 0)


async def test_a_server_that_is_away_is_waited_for(idle: Any, unused_tcp_port: int) -> None:
    await idle.execute("SELECT 1")
    sender = idle.service.loops[0]
    mailer = mailer_of(sender)
    address, mailer._address = (
        mailer._address,
        type(mailer._address)(
            host="127.0.0.1", port=unused_tcp_port, tls=False, starttls=False, user=None, password=None
        ),
    )
    await ask(idle)
    await sender._work()
    waiting = await only_mail(idle)
    mailer._address = address
    await idle.hurry()
    await sender._work()

    assert (waiting["status"], waiting["doubts"], len(idle.post.mails)) == ("due", 0, 1)


def mailer_of(loop: Any) -> Any:
    return loop._work.__self__._post.mailer


async def test_a_mail_whose_process_died_is_taken_over_after_its_lease_as_doubtful(idle: Any) -> None:
    await ask(idle)
    await idle.execute("UPDATE mails SET status = 'sending', attempts = 1, next_at = now() + interval '30 seconds'")
    work = idle.service.loops[0]._work
    await work()
    during = await only_mail(idle)
    await idle.execute("UPDATE mails SET next_at = now()")

    await work()

    after = await only_mail(idle)
    assert (during["status"], idle.post.seen - 1, after["status"], after["doubts"]) == ("sending", 0, "sent", 1)


async def test_a_mail_that_was_taken_over_is_not_finished_by_its_first_process(idle: Any) -> None:
    await ask(idle)
    async with idle.db.hot_transaction() as tx:
        (first,) = await mails.claim(tx, limit=5, lease=LEASE)
    await idle.execute("UPDATE mails SET next_at = now()")
    async with idle.db.hot_transaction() as tx:
        (second,) = await mails.claim(tx, limit=5, lease=LEASE)
        await mails.finish(tx, [mails.End(mail=first, verdict=Verdict("failed"), error="late", is_doubt=False)])

    row = await only_mail(idle)
    assert (row["status"], row["last_error"], second.lost, first.lost) == ("sending", None, True, False)


async def test_two_senders_share_and_nobody_sends_twice(idle: Any) -> None:
    for number in range(20):
        idle.identity.requests[f"mlr_{number}"] = {"account_id": "acc_zoe", "purpose": "password-changed"}
    told = [(EVENT.model_copy(update={"request_id": f"mlr_{n}"}), f"acc_{n}", 2) for n in range(20)]
    await deliver(idle.db, SUBSCRIPTION, told)

    async def drain() -> None:
        while await idle.service.loops[0]._work():
            continue

    await asyncio.gather(drain(), drain(), drain())

    assert sorted(mail["x-halles-key"] for mail in idle.post.mails) == sorted(f"account:mlr_{n}" for n in range(20))


@pytest.mark.parametrize("name", ["Zoé \r\nBcc: everybody@example.org", 'O"Brien <x@y.z>', "名前 🍋"])
async def test_nothing_typed_by_a_person_reaches_the_headers_raw(
    world: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    people = type(world.identity).contacts.__globals__["PEOPLE"]
    monkeypatch.setitem(people, "acc_zoe", {**people["acc_zoe"], "display_name": name})
    await ask(world)

    (mail,) = await world.quiet()

    assert mail["bcc"] is None and world.post.recipients == [["zoe@example.org"]]
    (address,) = mail["to"].addresses
    assert address.addr_spec == "zoe@example.org"

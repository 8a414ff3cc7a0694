"""The service listens to exactly what the topic files say that it listens to, and offers the commands that the README names."""

from catalog.adapters.event_log import TOPICS
from catalog.app import build
from catalog.settings import Settings
from chassis.consume import Subscription
from contracts.topics import consumed_by
from runtime.loops import Loop


def test_each_group_reads_its_topics(settings: Settings) -> None:
    service = build(settings)

    subscriptions = [item for item in service.subscriptions if isinstance(item, Subscription)]

    assert {item.group: item.topics for item in subscriptions} == {
        group: consumed_by(group) for group in ("catalog", "catalog.search-index")
    }
    assert sorted(TOPICS) == list(consumed_by("catalog.search-index"))
    assert all(item.replays for item in subscriptions)


def test_holds_are_swept_and_commands_are_there(settings: Settings) -> None:
    service = build(settings)

    assert [loop.name for loop in service.loops if isinstance(loop, Loop)] == ["holds"]
    assert set(service.commands) == {"republish", "rebuild"}

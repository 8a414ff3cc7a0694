"""Topic files and fields follow the rules; each rule catches a planted violation."""

import copy
from dataclasses import replace

import pytest
from scripts.contracts.fields import field_problems
from scripts.contracts.folders import Folders
from scripts.contracts.policy import dead_letter_policy, file_policy, reserved_policy, services_of, topic_policy
from scripts.contracts.schemas import generate

from contracts.order import OrderPlaced
from contracts.registry import BY_TYPE
from contracts.topics import Topic, load

TYPE = OrderPlaced.type
ORDER = next(topic for topic in load() if topic.name == "order.order.v1")


def policy(folders: Folders, topic: Topic) -> list[str]:
    topics = [topic if other.name == ORDER.name else other for other in load()]
    return list(topic_policy(topics, BY_TYPE, services_of(folders)))


def test_the_real_topics_follow_the_policy(folders: Folders) -> None:
    assert policy(folders, ORDER) == []
    assert list(file_policy({topic.name for topic in load()})) == []
    assert list(dead_letter_policy(load())) == []
    assert list(reserved_policy(folders, load(), BY_TYPE)) == []


@pytest.mark.parametrize(
    ("planted", "reason"),
    [
        (replace(ORDER, name="order.Order.v1"), "a topic is <service>"),
        (replace(ORDER, name="order.order_line.v1"), "a topic is <service>"),
        (replace(ORDER, name="order.order"), "a topic is <service>"),
        (replace(ORDER, name="order.order.v2"), "versions [2] have a gap"),
        (replace(ORDER, owner="orders"), "owner orders is no service"),
        (replace(ORDER, owner="payment"), "named after order"),
        (replace(ORDER, producers=()), "needs a producer"),
        (replace(ORDER, producers=("checkout",)), "producer checkout is no service"),
        (replace(ORDER, consumers=("billing",)), "consumer billing is no service"),
        (replace(ORDER, consumers=("payment", "payment")), "each consumer once"),
        (replace(ORDER, kind="fact"), "kind fact is not one of"),
        (replace(ORDER, kind="state"), "state topics are compacted"),
        (replace(ORDER, retention_ms=None), "state topics are compacted"),
        (replace(ORDER, kind="command"), "commands live on"),
        (replace(ORDER, partitions=10), "multiple of 12"),
        (replace(ORDER, key=" "), "says nothing about its key"),
        (replace(ORDER, wanted={"payment": frozenset({"order.order-lost.v1"})}), "payment wants order.order-lost.v1"),
        (replace(ORDER, wanted={"payment": frozenset()}), "payment reads it and wants none"),
        (replace(ORDER, types=ORDER.types[1:]), f"{TYPE}: listed by 0 topics"),
        (replace(ORDER, types=(*ORDER.types, "order.order-lost.v1")), "order.order-lost.v1 has no class"),
        (replace(ORDER, types=(*ORDER.types, "catalog.stock-released.v1")), "belongs to catalog.stock.v1"),
    ],
)
def test_a_wrong_topic_file_is_named(folders: Folders, planted: Topic, reason: str) -> None:
    found = policy(folders, planted)

    assert any(reason in line for line in found), found


def test_a_topic_needs_a_file_of_its_name() -> None:
    names = {topic.name for topic in load()} - {"order.order.v1"} | {"order.basket.v1"}

    assert list(file_policy(names)) == [
        "order.basket.v1: no file of that name in topics/",
        "order.order.v1.yaml: holds another topic",
    ]


def test_dead_letters_are_kept_longer_than_their_topic() -> None:
    forever = replace(ORDER, retention_ms=10**15)

    assert any("must be kept longer" in line for line in dead_letter_policy([forever]))
    assert any("no dead-letter topic" in line for line in dead_letter_policy([replace(ORDER, consumers=("review",))]))


def test_reserved_names_do_not_come_back(folders: Folders) -> None:
    folders.reserved.write_text(
        f"types: {{{TYPE}: split}}\ntopics: {{order.order.v1: split}}\nfields: {{order.order-placed: {{number: moved}}}}\n",
        encoding="utf-8",
    )

    found = [*reserved_policy(folders, load(), BY_TYPE), *field_problems(folders, generate())]

    assert [line.split(":")[0] for line in found] == [TYPE, "order.order.v1", TYPE]
    assert "number is reserved" in found[-1]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({"type": "string"}, "has no classification"),
        ({"type": "string", "x-classification": "secret"}, "has no classification"),
        ({"type": "string", "x-classification": "personal"}, "is personal; events hold references only"),
        ({"type": "string", "x-classification": "confidential"}, "is confidential; events hold references only"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "has no classification"),
        ({"type": "array", "items": {"type": "string"}}, "has no classification"),
    ],
)
def test_a_field_is_classified_and_not_personal(folders: Folders, field: dict[str, object], reason: str) -> None:
    schema = copy.deepcopy(generate()[TYPE])
    schema["properties"]["note"] = field

    found = list(field_problems(folders, {TYPE: schema}))

    assert len(found) == 1
    assert found[0].startswith(f"{TYPE}: note")
    assert reason in found[0]


def test_a_personal_name_needs_a_reason_whatever_its_tag(folders: Folders) -> None:
    schema = copy.deepcopy(generate()[TYPE])
    schema["properties"]["email"] = {"type": "string", "x-classification": "internal"}

    assert any("sounds like personal data" in line for line in field_problems(folders, {TYPE: schema}))

    folders.classified.write_text(f"{TYPE}: {{email: ADR 0099}}\n", encoding="utf-8")
    assert list(field_problems(folders, {TYPE: schema})) == []

"""The AsyncAPI documents are valid, complete and the same every time; FastStream's own model is the second opinion."""

from typing import Any

import jsonschema_rs
import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from scripts.contracts.asyncapi import merged_document, service_document
from scripts.contracts.examples import read_examples
from scripts.contracts.folders import Folders, Json, dump
from scripts.contracts.policy import services_of
from scripts.contracts.schemas import generate
from scripts.tree import ROOT

from contracts.registry import BY_TYPE
from contracts.topics import load

SERVICES = sorted(services_of(Folders(ROOT)))


@pytest.fixture(scope="module")
def merged() -> Json:
    return merged_document(SERVICES, load(), generate())


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def resolve(document: Json, reference: str) -> Any:
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "web"])
def test_a_service_document_names_what_it_sends_and_receives(service: str) -> None:
    document = service_document(service, load(), generate())

    ApplicationSchema.model_validate(document)
    sent = {o["channel"]["$ref"] for o in document["operations"].values() if o["action"] == "send"}
    received = {o["channel"]["$ref"] for o in document["operations"].values() if o["action"] == "receive"}
    assert sent == {f"#/channels/{t.name}" for t in load() if service in t.producers}
    assert received == {f"#/channels/{t.name}" for t in load() if service in {c.split(".")[0] for c in t.consumers}}


def test_the_merged_document_holds_every_type(merged: Json) -> None:
    ApplicationSchema.model_validate(merged)

    assert set(merged["components"]["messages"]) == set(BY_TYPE)
    assert set(merged["channels"]) == {topic.name for topic in load()}


def test_every_reference_resolves(merged: Json) -> None:
    found = references(merged)

    assert found
    assert all(resolve(merged, reference) for reference in found)


def test_examples_fit_the_documented_payload_and_headers(merged: Json) -> None:
    headers = jsonschema_rs.validator_for(merged["components"]["schemas"]["cloudevents-headers"]["schema"])
    for type_, examples in read_examples(Folders(ROOT)).items():
        payload = jsonschema_rs.validator_for(merged["components"]["messages"][type_]["payload"]["schema"])
        for example in examples.values():
            payload.validate(example["value"])
            headers.validate(example["headers"])


def test_the_same_input_gives_the_same_text(merged: Json) -> None:
    assert dump(merged) == dump(merged_document(reversed(SERVICES), load(), generate()))

"""Each rule about `compose.yaml` catches a planted mistake."""

import pytest
from scripts.check_compose import check
from scripts.tree import ROOT

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")


def test_the_real_file_passes() -> None:
    assert check(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("restart: unless-stopped", "restrat: unless-stopped", "restrat"),
        ("kafka: {condition: service_healthy}", "kafak: {condition: service_healthy}", "depends on kafak"),
        ("secrets: [gateway-client.jwk]", "secrets: [getaway.jwk]", "secrets getaway.jwk is not declared"),
        ('"standins:/data"', '"standin:/data"', "volumes standin is not declared"),
        ("create-databases.sh:", "create-database.sh:", "create-database.sh is not there"),
        ("dockerfile: deploy/docker/service.", "dockerfile: deploy/docker/services.", "is not there"),
        ('"127.0.0.1:8600:8600"', '"8600:8600"', "open to the network"),
        ("apache/kafka:4.4.0", "apache/kafka:latest", "its image names no version"),
        ("ORDER_PORT:", "ORDER_PROT:", "no setting is called ORDER_PROT"),
        ("ORDER_PORT:", "ORDER_PROT:", "ORDER_PORT is set by the local stack"),
        (
            "    profiles: [infra, app]\n    restart: unless-stopped\n    environment:\n      KAFKA",
            "    profiles: [app]\n    restart: unless-stopped\n    environment:\n      KAFKA",
            "topics: depends on kafka, which is missing in one of its profiles",
        ),
    ],
)
def test_a_planted_mistake_is_named(old: str, new: str, reason: str) -> None:
    assert old in TEXT

    found = check(TEXT.replace(old, new))

    assert any(reason in line for line in found), found

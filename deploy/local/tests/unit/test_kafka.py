"""What Kafka's tools must be able to read."""

import uuid

import pytest

from halles_local import kafka


def test_a_cluster_id_never_looks_like_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(
        [uuid.UUID(bytes=b"\xf8" + bytes(15)), uuid.UUID(bytes=b"\xfb" + bytes(15)), uuid.UUID(bytes=bytes(16))]
    )
    monkeypatch.setattr(uuid, "uuid4", lambda: next(made))

    assert kafka.new_cluster_id() == "A" * 22

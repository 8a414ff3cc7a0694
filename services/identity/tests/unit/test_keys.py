"""Identity's own keys, and exchanging them without a gap."""

import json
from pathlib import Path
from time import time

import pytest
from joserfc.jwk import ECKey, KeySet, OKPKey

from edge.auth import check_token
from edge.errors import Unauthenticated
from identity.adapters.keys import read_signing_keys
from identity.adapters.tokens import TokenSigner
from identity.domain.access import of_nobody


def key_file(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text(json.dumps(OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)))
    return path


def test_both_keys_are_published_and_accepted_while_they_are_exchanged(tmp_path: Path) -> None:
    old, new = key_file(tmp_path, "old"), key_file(tmp_path, "new")
    before, during = read_signing_keys(old, new), read_signing_keys(new, old)
    published = KeySet.import_key_set(before.published())

    tokens = [TokenSigner(keys).internal(of_nobody(), "order", now=int(time())) for keys in (before, during)]

    for token in tokens:
        assert check_token(token, published, audience="order")["sub"] == "anonymous"
    assert before.kid != during.kid


def test_a_dropped_key_is_refused(tmp_path: Path) -> None:
    old, new = key_file(tmp_path, "old"), key_file(tmp_path, "new")
    token = TokenSigner(read_signing_keys(old, None)).internal(of_nobody(), "order", now=int(time()))

    with pytest.raises(Unauthenticated):
        check_token(token, read_signing_keys(new, None).all, audience="order")


def test_an_access_token_ends_after_ten_minutes(tmp_path: Path) -> None:
    signer = TokenSigner(read_signing_keys(key_file(tmp_path, "key"), None))

    assert signer.read_external(signer.external("acc_1", family_id="fam_1", now=int(time()) - 590)) == (
        "acc_1",
        "fam_1",
    )
    assert signer.read_external(signer.external("acc_1", family_id="fam_1", now=int(time()) - 601)) is None


@pytest.mark.parametrize("kind", ["public", "other-curve"])
def test_only_private_ed25519_keys_sign(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "key"
    if kind == "public":
        path.write_text(json.dumps(OKPKey.generate_key("Ed25519", private=True).as_dict(private=False)))
    else:
        path.write_text(json.dumps(ECKey.generate_key("P-256", private=True).as_dict(private=True)))

    with pytest.raises(ValueError):
        read_signing_keys(path, None)

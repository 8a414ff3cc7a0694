"""Only what the carrier signed, and not long ago, is believed."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.domain.errors import BadSignature
from logistics.domain.signature import check_signature

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
RAW = b'{"status":"delivered"}'


def _header(raw: bytes = RAW, *, at: int = AT, secret: str = "s") -> str:  # noqa: S107
    digest = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


@pytest.mark.parametrize("at", [AT - 300, AT, AT + 300])
def test_signed_within_five_minutes_is_believed(at: int) -> None:
    check_signature(_header(at=at), RAW, secret="s", now=NOW)


def test_one_of_several_signatures_is_enough_while_secrets_change() -> None:
    check_signature(f"{_header()},v1=00", RAW, secret="s", now=NOW)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=1",
        "v1=00",
        f"t={AT}",
        "t=x,v1=00",
        f"t={AT},v1=é",
        f"t={'9' * 5000},v1=00",
        "t=²,v1=00",
        _header(secret="other"),
        _header(b"{}"),
        _header(at=AT - 301),
        _header(at=AT + 301),
        _header().replace(f"t={AT}", f"t={AT + 1}"),
        f"t={AT + 1},{_header()}",
    ],
)
def test_everything_else_is_refused(header: str | None) -> None:
    with pytest.raises(BadSignature):
        check_signature(header, RAW, secret="s", now=NOW)


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(raw: bytes) -> None:
    if raw != RAW:
        with pytest.raises(BadSignature):
            check_signature(_header(), raw, secret="s", now=NOW)

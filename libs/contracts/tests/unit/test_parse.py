"""A record becomes a known event, an unknown one, or an unreadable one with a stable reason."""

import pytest
from pydantic import ValidationError
from scripts.contracts.examples import headers_of
from scripts.contracts.folders import EXAMPLES, Json, load
from scripts.tree import ROOT

from contracts.catalog import ReservationExpired
from contracts.parse import Unreadable, parse
from contracts.registry import BY_TYPE
from contracts.values import Money

EXAMPLE: Json = load(ROOT / EXAMPLES / ReservationExpired.type / "swept.json")
GOOD = ReservationExpired(**EXAMPLE["value"]).to_json()


def headers(**changes: str) -> list[tuple[str, bytes]]:
    return headers_of({"headers": EXAMPLE["headers"] | changes})


def test_a_known_event_is_an_instance_of_its_class() -> None:
    parsed = parse(headers(), GOOD)

    assert parsed.data == ReservationExpired(**EXAMPLE["value"])
    assert parsed.envelope.subject == EXAMPLE["key"]


def test_unknown_fields_are_ignored() -> None:
    assert parse(headers(), GOOD[:-1] + b',"later":{"a":[1]}}').data == ReservationExpired(**EXAMPLE["value"])


def test_an_unknown_type_is_no_error() -> None:
    assert parse(headers(ce_type="catalog.shelf-moved.v1"), b"not even JSON").data is None


@pytest.mark.parametrize(
    ("changes", "value", "reason"),
    [
        ({"ce_id": "42"}, GOOD, "bad-header"),
        ({"ce_type": "catalog.reservation-expired.v2"}, GOOD, "unknown-major"),
        ({}, None, "tombstone"),
        ({}, b"", "bad-data"),
        ({}, b"{", "bad-data"),
        ({}, b"[]", "bad-data"),
        ({}, b"{}", "bad-data"),
        ({}, b'{"order_id": 7}', "bad-data"),
        ({}, b'{"order_id": "\xff"}', "bad-data"),
    ],
)
def test_what_no_reader_understands_has_a_reason(changes: dict[str, str], value: bytes | None, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(headers(**changes), value)

    assert caught.value.reason == reason


def test_the_message_does_not_repeat_the_data() -> None:
    with pytest.raises(Unreadable) as caught:
        parse(headers(), b'{"order_id": {"name": "Jeanne Martin"}}')

    assert "Jeanne" not in str(caught.value)
    assert "/order_id" in str(caught.value)


def test_events_are_frozen() -> None:
    event = ReservationExpired(order_id="ord_1")

    with pytest.raises(ValidationError, match="frozen"):
        event.order_id = "ord_2"  # type: ignore[misc]


def test_each_class_is_registered_once_and_under_its_own_name() -> None:
    assert all(model.type == type_ for type_, model in BY_TYPE.items())
    assert len({model for model in BY_TYPE.values()}) == len(BY_TYPE)


def test_money_adds_within_one_currency_only() -> None:
    euro = Money(amount=1999, currency="EUR")

    assert euro + euro == Money(amount=3998, currency="EUR")
    assert euro - euro == Money(amount=0, currency="EUR")
    assert euro.times(3) == Money(amount=5997, currency="EUR")
    with pytest.raises(ValueError, match="cannot combine EUR with CHF"):
        euro + Money(amount=1, currency="CHF")


@pytest.mark.parametrize("amount", [19.99, "a lot", None, 10**16])
def test_money_is_a_whole_number_of_minor_units(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "EUR"})

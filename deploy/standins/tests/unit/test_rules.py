"""Small rules: cards, faults, retries, parcels, languages, ids."""

import pytest

from standins.carrier.domain import FINAL, JOURNEY, ParcelStatus, can_follow, next_step
from standins.outbound.queue import RetryPolicy
from standins.outbound.signature import signature_header
from standins.settings import Environment, SettingError
from standins.stripe.cards import BY_ID, BY_NUMBER, CARDS, passes_luhn
from standins.stripe.faults import Rule
from standins.stripe.session import IdSource


def test_every_test_card_is_a_possible_number_and_no_id_is_shared() -> None:
    assert all(passes_luhn(card.number) for card in CARDS)
    assert not passes_luhn("4242424242424241")
    assert len(BY_NUMBER) == len(CARDS)
    assert len(BY_ID) == sum(len(card.ids) for card in CARDS)


def test_chance_in_faults_repeats_with_its_seed() -> None:
    rule = Rule.parse({"kind": "delay", "probability": 0.3, "seed": "a"})

    drawn = [rule.fires(seen, 0) for seen in range(1, 1001)]

    assert drawn == [rule.fires(seen, 0) for seen in range(1, 1001)]
    assert 250 < sum(drawn) < 350


def test_faults_skip_and_stop() -> None:
    rule = Rule.parse({"kind": "delay", "skip": 2, "times": 1})

    assert [rule.fires(seen, applied) for seen, applied in ((1, 0), (2, 0), (3, 0), (4, 1))] == [
        False,
        False,
        True,
        False,
    ]


def test_gaps_grow_to_an_hour() -> None:
    gaps = [RetryPolicy(first_gap=1.0).gap(attempts) for attempts in range(1, 16)]

    assert gaps[:4] == [1.0, 2.0, 4.0, 8.0]
    assert gaps[-1] == 3600.0
    assert gaps == sorted(gaps)


def test_signature_is_over_time_and_bytes() -> None:
    header = signature_header(b'{"a":1}', "secret", at=1_700_000_000)

    assert header.startswith("t=1700000000,v1=")
    assert header != signature_header(b'{"a":2}', "secret", at=1_700_000_000)
    assert header != signature_header(b'{"a":1}', "other", at=1_700_000_000)


@pytest.mark.parametrize("status", list(ParcelStatus))
def test_parcels_never_go_back(status: ParcelStatus) -> None:
    possible = [following for following in ParcelStatus if can_follow(status, following)]

    if status in FINAL:
        assert possible == []
        assert next_step(status) is None
    else:
        assert possible == [*JOURNEY[JOURNEY.index(status) + 1 :], ParcelStatus.LOST]
        assert next_step(status) in possible


def test_ids_depend_on_the_seed_and_the_count_only() -> None:
    first, second, other = IdSource("a", 0), IdSource("a", 1), IdSource("b", 0)

    made = [first.next("pi"), first.next("pi")]

    assert made[1] == second.next("pi")
    assert made[0] != other.next("pi")
    assert made == sorted(made)


@pytest.mark.parametrize("value", ["", "many"])
def test_a_setting_that_cannot_be_used_is_named(value: str) -> None:
    with pytest.raises(SettingError, match="STANDIN_STRIPE_PORT"):
        Environment({"STANDIN_STRIPE_PORT": value}).integer("STANDIN_STRIPE_PORT")

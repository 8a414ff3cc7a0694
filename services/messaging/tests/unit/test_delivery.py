from datetime import UTC, datetime, timedelta

import pytest

from messaging.domain.delivery import GIVE_UP_AFTER, Outcome, Tries, Verdict, decide

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def tries(attempts: int = 1, doubts: int = 0, age: timedelta = timedelta(0)) -> Tries:
    return Tries(attempts=attempts, doubts=doubts, created_at=NOW - age)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (8, 256), (9, 512), (10, 900), (500, 900)])
def test_pauses_double_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert decide(Outcome.LATER, tries(attempts), now=NOW) == Verdict("due", timedelta(seconds=seconds))


def test_after_two_days_a_mail_is_given_up() -> None:
    assert decide(Outcome.LATER, tries(200, age=GIVE_UP_AFTER), now=NOW).status == "due"
    assert decide(Outcome.LATER, tries(200, age=GIVE_UP_AFTER + timedelta(seconds=1)), now=NOW).status == "failed"


@pytest.mark.parametrize(
    ("outcome", "status"), [(Outcome.TOLD, "sent"), (Outcome.REFUSED, "failed"), (Outcome.NOT_NEEDED, "dropped")]
)
def test_definite_ends(outcome: Outcome, status: str) -> None:
    assert decide(outcome, tries(doubts=2), now=NOW) == Verdict(status)


@pytest.mark.parametrize(("doubts", "status"), [(0, "due"), (1, "due"), (2, "doubtful"), (7, "doubtful")])
def test_doubt_is_tried_again_twice(doubts: int, status: str) -> None:
    assert decide(Outcome.UNKNOWN, tries(doubts=doubts), now=NOW).status == status

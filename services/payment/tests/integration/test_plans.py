"""No statement of payment reads a growing table from one end to the other: cost per request stays flat."""

from testkit.plans import all_whole_reads

SMALL = {"ledger_accounts", "account_balances", "payout_accounts"}
"""A handful of each currency, and one of each shop."""
ACCEPTED = {
    "payment.repository.operations._IN_DOUBT": "reads the partial index of unfinished calls, which are few",
    "payment.repository.movements._PENDING": "reads the partial index of movements that wait; an operator may ask for all",
}


def test_every_statement_reads_ranges_of_indexes() -> None:
    assert all_whole_reads("payment", small=SMALL, accepted=ACCEPTED) == {}

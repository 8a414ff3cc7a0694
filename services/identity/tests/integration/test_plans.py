"""No statement of identity reads a growing table from one end to the other: cost per request stays flat."""

from testkit.plans import all_whole_reads

ACCEPTED = {
    "identity.repository.accounts._PROFILE": "a beginning: every use adds the account",
    "identity.commands.republish.0": "counts every shop, because an operator asks how many there would be",
    "identity.repository.intake._TAKE": "a queue: what is taken is deleted",
}


def test_every_statement_reads_ranges_of_indexes() -> None:
    assert all_whole_reads("identity", accepted=ACCEPTED) == {}

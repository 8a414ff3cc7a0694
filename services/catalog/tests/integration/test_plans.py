"""No statement of catalog reads a growing table from one end to the other: cost per request stays flat."""

from testkit.plans import all_whole_reads

SMALL = {"categories"}
ACCEPTED = {"catalog.commands.republish.0": "an operator's dry run counts all offers"}


def test_every_statement_reads_ranges_of_indexes() -> None:
    assert all_whole_reads("catalog", small=SMALL, accepted=ACCEPTED) == {}

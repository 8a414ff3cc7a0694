"""No statement of analytics reads a growing table from one end to the other: cost per request stays flat."""

from testkit.plans import all_whole_reads


def test_every_statement_reads_ranges_of_indexes() -> None:
    assert all_whole_reads("analytics") == {}

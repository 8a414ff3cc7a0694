"""Looks at every page of a running site as a browser does: ``make screenshots`` keeps pictures, tests/e2e judges what was seen."""

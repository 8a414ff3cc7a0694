"""Use cases of identity, by group."""

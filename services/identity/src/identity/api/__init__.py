"""Routes of identity, by area."""

"""Routes of messaging."""

"""Use cases of shipments."""

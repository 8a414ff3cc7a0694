"""Routes of shipments and the carrier's callback."""

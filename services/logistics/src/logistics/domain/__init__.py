"""Rules of shipments and of the carrier's callbacks, without I/O."""

"""Rules of accounts, sessions and shops, without I/O."""

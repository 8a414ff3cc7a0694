"""The outside world of identity: argon2, keys and tokens, the list of common words."""

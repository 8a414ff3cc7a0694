"""Every statement of identity, by what it is about. Nothing here commits."""

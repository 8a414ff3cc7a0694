"""Tooling of `libs/contracts`: schemas, examples, compatibility, AsyncAPI and the map. See `__main__`."""

"""Use cases. They take the open transaction, never commit, and never call the provider inside it."""

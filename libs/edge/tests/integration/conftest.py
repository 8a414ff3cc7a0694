"""A real PostgreSQL with the technical tables."""

from spine_fixtures import database_url, db

__all__ = ["database_url", "db"]

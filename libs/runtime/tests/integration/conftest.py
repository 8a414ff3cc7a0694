"""Real servers, a database with the technical tables, topics of its own for each test."""

from spine_fixtures import database_url, db, spine

__all__ = ["database_url", "db", "spine"]

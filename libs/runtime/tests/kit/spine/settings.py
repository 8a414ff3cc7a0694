"""Its settings."""

from spine_app import Settings

__all__ = ["Settings"]

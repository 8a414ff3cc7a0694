"""Alembic's entry point for this service."""

from logistics.models import metadata
from runtime.migrate import run_env

run_env(metadata)

"""Alembic's entry point for this service."""

from order.models import metadata
from runtime.migrate import run_env

run_env(metadata)

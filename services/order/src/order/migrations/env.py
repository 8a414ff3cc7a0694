"""Alembic's entry point for this service."""

from chassis.migrate import run_env
from order.models import metadata

run_env(metadata)

"""Alembic runs this."""

from analytics.models import metadata
from chassis.migrate import run_env

run_env(metadata)

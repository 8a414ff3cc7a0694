"""Alembic runs this."""

from chassis.migrate import run_env
from review.models import metadata

run_env(metadata)

"""Alembic runs this."""

from review.models import metadata
from runtime.migrate import run_env

run_env(metadata)

"""Alembic's entry: everything but the metadata is the same in every service."""

from payment.models import metadata
from runtime.migrate import run_env

run_env(metadata)

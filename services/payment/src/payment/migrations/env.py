"""Alembic's entry: everything but the metadata is the same in every service."""

from chassis.migrate import run_env
from payment.models import metadata

run_env(metadata)

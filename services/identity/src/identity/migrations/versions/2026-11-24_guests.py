"""Guests: accounts without a claim on their address, and the registration that makes one of them an account of its own."""

from alembic import op

revision = "guests"
down_revision = "find_what_is_old"


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ALTER COLUMN email_key DROP NOT NULL")
    op.execute("ALTER TABLE address_requests ADD COLUMN guest_id text")

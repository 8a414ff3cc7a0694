"""A request for an address that cannot be settled lets others go first."""

from alembic import op

revision = "put_off_address_requests"
down_revision = "create_identity"


def upgrade() -> None:
    op.execute("ALTER TABLE address_requests ADD COLUMN not_before timestamptz NOT NULL DEFAULT now()")

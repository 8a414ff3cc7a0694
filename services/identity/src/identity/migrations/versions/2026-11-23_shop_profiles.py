"""What a shop tells of itself beside its short description: its story, how it ships, what it takes back."""

from alembic import op

revision = "shop_profiles"
down_revision = "put_off_address_requests"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE sellers ADD COLUMN story jsonb, ADD COLUMN shipping_policy jsonb, ADD COLUMN returns_policy jsonb"
    )

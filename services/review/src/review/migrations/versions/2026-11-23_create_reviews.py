"""create reviews"""

from alembic import op

from chassis.schema import technical_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(technical_tables())
    op.execute("""
    CREATE TABLE reviewable_lines (
        line_id text PRIMARY KEY,
        order_id text NOT NULL,
        buyer_id text NOT NULL,
        seller_id text NOT NULL,
        product_id text NOT NULL,
        delivered_at timestamptz NOT NULL,
        reviewed_at timestamptz
    );
    CREATE INDEX reviewable_lines_buyer_id_idx ON reviewable_lines (buyer_id, delivered_at);
    CREATE TABLE reviews (
        review_id text PRIMARY KEY,
        line_id text NOT NULL UNIQUE,
        product_id text NOT NULL,
        seller_id text NOT NULL,
        author_id text NOT NULL,
        rating integer NOT NULL CONSTRAINT reviews_rating_check CHECK (rating BETWEEN 1 AND 5),
        title text NOT NULL,
        text text NOT NULL,
        locale text NOT NULL,
        published_at timestamptz NOT NULL
    );
    CREATE INDEX reviews_product_id_idx ON reviews (product_id, published_at, review_id);
    CREATE TABLE ratings (
        subject_id text PRIMARY KEY,
        kind text NOT NULL,
        points_1 integer NOT NULL,
        points_2 integer NOT NULL,
        points_3 integer NOT NULL,
        points_4 integer NOT NULL,
        points_5 integer NOT NULL,
        sequence bigint NOT NULL
    );
    """)


def downgrade() -> None:
    op.execute("DROP TABLE ratings, reviews, reviewable_lines, outbox, inbox, idempotency_keys, parked_events")

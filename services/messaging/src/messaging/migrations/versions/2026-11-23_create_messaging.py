"""Mails, what they repeat of orders, notifications."""

from alembic import op

from chassis.schema import technical_tables

revision = "create_messaging"
down_revision = None

MAILS = """
CREATE TABLE mails (
    mail_id text CONSTRAINT mails_pkey PRIMARY KEY,
    dedup_key text NOT NULL CONSTRAINT mails_dedup_key_key UNIQUE,
    kind text NOT NULL,
    audience_kind text NOT NULL CONSTRAINT mails_audience_kind_check
        CHECK (audience_kind IN ('request', 'account', 'seller', 'order')),
    audience_id text NOT NULL,
    details jsonb NOT NULL,
    correlation_id text NOT NULL,
    status text NOT NULL DEFAULT 'due' CONSTRAINT mails_status_check
        CHECK (status IN ('due', 'sending', 'sent', 'failed', 'dropped', 'doubtful')),
    attempts integer NOT NULL DEFAULT 0,
    doubts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX mails_next_at_idx ON mails (next_at) WHERE status IN ('due', 'sending');
CREATE INDEX mails_created_at_idx ON mails (created_at);
CREATE TABLE orders (
    order_id text CONSTRAINT orders_pkey PRIMARY KEY,
    number text NOT NULL,
    buyer_id text NOT NULL,
    total jsonb NOT NULL,
    seller_orders jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
"""

NOTIFICATIONS = """
CREATE TABLE notifications (
    notification_id text CONSTRAINT notifications_pkey PRIMARY KEY,
    dedup_key text NOT NULL CONSTRAINT notifications_dedup_key_key UNIQUE,
    audience_id text NOT NULL,
    kind text NOT NULL,
    order_id text,
    details jsonb NOT NULL,
    link text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notifications_audience_id_notification_id_idx ON notifications (audience_id, notification_id);
CREATE TABLE read_marks (
    account_id text CONSTRAINT read_marks_pkey PRIMARY KEY,
    up_to text NOT NULL
);
"""


def upgrade() -> None:
    op.execute(technical_tables())
    op.execute(MAILS)
    op.execute(NOTIFICATIONS)

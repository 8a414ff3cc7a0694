"""Payments, operations at the provider, settlements, payout accounts, and the inbox of webhooks."""

from alembic import op

from chassis.schema import technical_tables

revision = "create_payments"
down_revision = None
branch_labels = None
depends_on = None

PAYMENTS = """
CREATE TABLE payments (
    order_id text PRIMARY KEY,
    payment_id text NOT NULL UNIQUE,
    buyer_id text,
    currency text NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    state text NOT NULL,
    attempt integer NOT NULL,
    tried_attempt integer NOT NULL,
    told_attempt integer NOT NULL,
    payment_method text,
    intent_id text UNIQUE,
    charge_id text,
    redirect_url text,
    decline_reason text,
    fee bigint,
    is_capture_asked boolean NOT NULL,
    is_cancel_asked boolean NOT NULL,
    is_refund_pending boolean NOT NULL,
    has_open_operation boolean NOT NULL,
    sequence bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX payments_fee_unknown_idx ON payments (updated_at) WHERE state = 'paid' AND fee IS NULL;

CREATE TABLE payment_operations (
    operation_id text PRIMARY KEY,
    kind text NOT NULL,
    business_key text NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 1),
    idempotency_key text NOT NULL UNIQUE,
    subject_id text NOT NULL,
    card_attempt integer,
    request bytea NOT NULL,
    request_hash bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'sending', 'confirmed', 'rejected', 'unknown')),
    provider_id text,
    error text,
    is_failure_final boolean NOT NULL DEFAULT false,
    is_key_mismatched boolean NOT NULL DEFAULT false,
    tries integer NOT NULL DEFAULT 0,
    correlation_id text NOT NULL,
    causation_id text,
    traceparent text,
    planned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    resolved_at timestamptz,
    UNIQUE (business_key, attempt)
);
CREATE INDEX payment_operations_due_idx ON payment_operations (next_try_at)
    WHERE state IN ('planned', 'sending', 'unknown');
CREATE UNIQUE INDEX payment_operations_open_key ON payment_operations (subject_id)
    WHERE state IN ('planned', 'sending', 'unknown');
CREATE INDEX payment_operations_subject_id_idx ON payment_operations (subject_id, operation_id);

CREATE TABLE settlements (
    seller_order_id text PRIMARY KEY,
    order_id text NOT NULL,
    seller_id text NOT NULL,
    currency text NOT NULL,
    gross bigint NOT NULL CHECK (gross >= 0),
    commission bigint NOT NULL CHECK (commission >= 0),
    commission_vat bigint NOT NULL CHECK (commission_vat >= 0),
    net bigint NOT NULL CHECK (net >= 0),
    state text NOT NULL,
    delivered_at timestamptz,
    due_at timestamptz,
    released_by text,
    blocked_reason text,
    transfer_id text UNIQUE,
    correlation_id text,
    sequence bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT settlements_split_check CHECK (gross = commission + commission_vat + net)
);
CREATE INDEX settlements_order_id_idx ON settlements (order_id);
CREATE INDEX settlements_seller_id_idx ON settlements (seller_id, seller_order_id);
CREATE INDEX settlements_due_idx ON settlements (due_at) WHERE state IN ('held', 'releasable');

CREATE TABLE commission_lines (
    line_id text PRIMARY KEY,
    seller_order_id text NOT NULL REFERENCES settlements,
    base bigint NOT NULL CHECK (base >= 0),
    rate_basis_points integer NOT NULL CHECK (rate_basis_points BETWEEN 0 AND 10000),
    commission bigint NOT NULL CHECK (commission >= 0),
    commission_vat bigint NOT NULL CHECK (commission_vat >= 0),
    frozen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX commission_lines_seller_order_id_idx ON commission_lines (seller_order_id);

CREATE TABLE payout_accounts (
    seller_id text PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    is_open boolean NOT NULL,
    seller_sequence bigint NOT NULL,
    account_id text UNIQUE,
    status text NOT NULL,
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sequence bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX payout_accounts_wanted_idx ON payout_accounts (next_try_at) WHERE account_id IS NULL AND is_open;

CREATE TABLE balance_movements (
    movement_id text PRIMARY KEY,
    order_id text NOT NULL,
    currency text NOT NULL,
    net bigint NOT NULL,
    available_at timestamptz NOT NULL,
    is_available boolean NOT NULL
);
CREATE INDEX balance_movements_pending_idx ON balance_movements (available_at) WHERE NOT is_available;

CREATE TABLE webhook_events (
    destination text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    object_id text NOT NULL,
    api_version text NOT NULL,
    payload bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'done', 'ignored', 'dead')),
    tries integer NOT NULL DEFAULT 0,
    error text,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    processed_at timestamptz,
    PRIMARY KEY (destination, event_id)
);
CREATE INDEX webhook_events_due_idx ON webhook_events (next_try_at) WHERE state = 'pending';
"""


def upgrade() -> None:
    op.execute(technical_tables())
    op.execute(PAYMENTS)


def downgrade() -> None:
    raise NotImplementedError("Money records are never dropped; restore a backup instead.")

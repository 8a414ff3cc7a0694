"""Accounts, credentials, sessions, sellers."""

from alembic import op

from chassis.schema import technical_tables

revision = "create_identity"
down_revision = None

ACCOUNTS = """
CREATE TABLE accounts (
    account_id text CONSTRAINT accounts_pkey PRIMARY KEY,
    email text NOT NULL,
    email_key text NOT NULL CONSTRAINT accounts_email_key_key UNIQUE,
    display_name text NOT NULL,
    locale text NOT NULL CONSTRAINT accounts_locale_check CHECK (locale IN ('fr', 'en')),
    granted_roles text[] NOT NULL DEFAULT '{}',
    verified_at timestamptz,
    sequence bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE passwords (
    account_id text CONSTRAINT passwords_pkey PRIMARY KEY
        CONSTRAINT passwords_account_id_fkey REFERENCES accounts ON DELETE CASCADE,
    hash text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
"""

INTAKE_AND_MAILS = """
CREATE TABLE address_requests (
    request_id text CONSTRAINT address_requests_pkey PRIMARY KEY,
    kind text NOT NULL CONSTRAINT address_requests_kind_check CHECK (kind IN ('register', 'verify', 'reset')),
    email text NOT NULL,
    email_key text NOT NULL,
    display_name text,
    locale text,
    password_hash text,
    correlation_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE registrations (
    registration_id text CONSTRAINT registrations_pkey PRIMARY KEY,
    account_id text NOT NULL CONSTRAINT registrations_account_id_fkey REFERENCES accounts ON DELETE CASCADE,
    password_hash text NOT NULL,
    display_name text NOT NULL,
    locale text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX registrations_account_id_idx ON registrations (account_id);
CREATE TABLE mail_requests (
    request_id text CONSTRAINT mail_requests_pkey PRIMARY KEY,
    account_id text NOT NULL CONSTRAINT mail_requests_account_id_fkey REFERENCES accounts ON DELETE CASCADE,
    purpose text NOT NULL CONSTRAINT mail_requests_purpose_check
        CHECK (purpose IN ('verify-email', 'already-registered', 'reset-password', 'password-changed')),
    registration_id text CONSTRAINT mail_requests_registration_id_fkey REFERENCES registrations ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mail_requests_account_id_purpose_created_at_idx ON mail_requests (account_id, purpose, created_at);
CREATE TABLE mail_tokens (
    token_hash bytea CONSTRAINT mail_tokens_pkey PRIMARY KEY,
    request_id text NOT NULL CONSTRAINT mail_tokens_request_id_fkey REFERENCES mail_requests ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX mail_tokens_request_id_idx ON mail_tokens (request_id);
"""

SIGN_INS = """
CREATE TABLE sessions (
    secret_hash bytea CONSTRAINT sessions_pkey PRIMARY KEY,
    session_id text NOT NULL CONSTRAINT sessions_session_id_key UNIQUE,
    account_id text NOT NULL CONSTRAINT sessions_account_id_fkey REFERENCES accounts ON DELETE CASCADE,
    device text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    idle_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_account_id_idx ON sessions (account_id);
CREATE TABLE refresh_families (
    family_id text CONSTRAINT refresh_families_pkey PRIMARY KEY,
    account_id text NOT NULL CONSTRAINT refresh_families_account_id_fkey REFERENCES accounts ON DELETE CASCADE,
    device text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX refresh_families_account_id_idx ON refresh_families (account_id);
CREATE TABLE refresh_tokens (
    token_hash bytea CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    family_id text NOT NULL CONSTRAINT refresh_tokens_family_id_fkey REFERENCES refresh_families ON DELETE CASCADE,
    spent_at timestamptz
);
CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id);
CREATE TABLE throttles (
    key text CONSTRAINT throttles_pkey PRIMARY KEY,
    attempts integer NOT NULL,
    charged_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
"""

SELLERS = """
CREATE TABLE sellers (
    seller_id text CONSTRAINT sellers_pkey PRIMARY KEY,
    handle text NOT NULL CONSTRAINT sellers_handle_key UNIQUE,
    name text NOT NULL,
    description_fr text NOT NULL,
    description_en text NOT NULL,
    town text NOT NULL,
    postal_code text NOT NULL,
    country text NOT NULL,
    latitude integer NOT NULL,
    longitude integer NOT NULL,
    status text NOT NULL CONSTRAINT sellers_status_check
        CHECK (status IN ('pending', 'open', 'suspended', 'closed')),
    reason text,
    opened_at timestamptz,
    payout_status text,
    payout_sequence bigint NOT NULL DEFAULT 0,
    sequence bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sellers_status_seller_id_idx ON sellers (status, seller_id);
CREATE TABLE seller_members (
    account_id text NOT NULL CONSTRAINT seller_members_account_id_fkey REFERENCES accounts ON DELETE CASCADE,
    seller_id text NOT NULL CONSTRAINT seller_members_seller_id_fkey REFERENCES sellers ON DELETE CASCADE,
    role text NOT NULL CONSTRAINT seller_members_role_check CHECK (role IN ('owner', 'staff')),
    CONSTRAINT seller_members_pkey PRIMARY KEY (account_id, seller_id)
);
CREATE INDEX seller_members_seller_id_idx ON seller_members (seller_id);
CREATE TABLE seller_invitations (
    email_key text NOT NULL,
    seller_id text NOT NULL CONSTRAINT seller_invitations_seller_id_fkey REFERENCES sellers ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seller_invitations_pkey PRIMARY KEY (email_key, seller_id)
);
"""


def upgrade() -> None:
    op.execute(technical_tables())
    for part in (ACCOUNTS, INTAKE_AND_MAILS, SIGN_INS, SELLERS):
        op.execute(part)

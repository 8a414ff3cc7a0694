"""The double-entry ledger: balanced at commit, append-only by privilege and by trigger."""

from alembic import op

revision = "create_ledger"
down_revision = "create_payments"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger_accounts (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    path text NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    normal_side text NOT NULL CHECK (normal_side IN ('debit', 'credit')),
    may_go_negative boolean NOT NULL,
    UNIQUE (path, currency),
    UNIQUE (account_id, currency)
);

CREATE TABLE ledger_transactions (
    transaction_id text PRIMARY KEY,
    kind text NOT NULL,
    source_type text NOT NULL,
    source_id text NOT NULL,
    order_id text,
    occurred_at timestamptz NOT NULL,
    booked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reverses_id text REFERENCES ledger_transactions,
    UNIQUE (kind, source_type, source_id)
);
CREATE INDEX ledger_transactions_order_id_idx ON ledger_transactions (order_id, transaction_id);

CREATE TABLE ledger_entries (
    transaction_id text NOT NULL REFERENCES ledger_transactions,
    position smallint NOT NULL,
    account_id bigint NOT NULL,
    currency text NOT NULL,
    side text NOT NULL CHECK (side IN ('debit', 'credit')),
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (transaction_id, position),
    FOREIGN KEY (account_id, currency) REFERENCES ledger_accounts (account_id, currency)
);
CREATE INDEX ledger_entries_account_id_idx ON ledger_entries (account_id);

CREATE TABLE account_balances (
    account_id bigint PRIMARY KEY REFERENCES ledger_accounts,
    normal_side text NOT NULL,
    may_go_negative boolean NOT NULL,
    debits bigint NOT NULL DEFAULT 0,
    credits bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    CONSTRAINT account_balances_floor_check CHECK (
        may_go_negative OR CASE normal_side WHEN 'debit' THEN debits - credits ELSE credits - debits END >= 0
    )
);
"""

BALANCED_AT_COMMIT = """
CREATE FUNCTION ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    difference bigint;
    legs integer;
BEGIN
    SELECT count(*) INTO legs FROM ledger_entries WHERE transaction_id = NEW.transaction_id;
    IF legs < 2 THEN
        RAISE EXCEPTION 'ledger transaction % has % entries', NEW.transaction_id, legs USING ERRCODE = 'check_violation';
    END IF;
    SELECT sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) INTO difference
        FROM ledger_entries WHERE transaction_id = NEW.transaction_id
        GROUP BY currency HAVING sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is off balance by %', NEW.transaction_id, difference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transactions_balanced AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();
CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();
"""

APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: book a transaction that reverses the wrong one', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_accounts_append_only BEFORE UPDATE OR DELETE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_accounts, ledger_transactions, ledger_entries FROM payment;
REVOKE DELETE, TRUNCATE ON account_balances FROM payment;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(BALANCED_AT_COMMIT)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    raise NotImplementedError("Money records are never dropped; restore a backup instead.")

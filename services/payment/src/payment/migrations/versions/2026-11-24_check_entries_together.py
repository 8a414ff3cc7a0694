"""Entries are checked once per statement, not once per entry: a capture of two sellers summed its transaction eight times.

The check moves from the commit to the end of the statement: what one statement adds to a ledger transaction balances, and nothing is
ever changed, so everything balances. That a ledger transaction has entries at all is still checked at commit; there are two at least,
because amounts are positive.
"""

from alembic import op

revision = "check_entries_together"
down_revision = "find_what_is_old"
branch_labels = None
depends_on = None

BALANCED_PER_STATEMENT = """
DROP TRIGGER ledger_transactions_balanced ON ledger_transactions;
DROP TRIGGER ledger_entries_balanced ON ledger_entries;
DROP FUNCTION ledger_check_balance();
CREATE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    off record;
BEGIN
    SELECT transaction_id, sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) AS difference INTO off
        FROM fresh GROUP BY transaction_id, currency HAVING sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is off balance by %', off.transaction_id, off.difference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entries();
CREATE FUNCTION ledger_check_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entries WHERE transaction_id = NEW.transaction_id) THEN
        RAISE EXCEPTION 'ledger transaction % has no entries', NEW.transaction_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transactions_have_entries AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transaction();
"""


def upgrade() -> None:
    op.execute(BALANCED_PER_STATEMENT)

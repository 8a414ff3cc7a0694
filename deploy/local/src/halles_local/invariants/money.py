"""I4–I8: every cent on both sides."""

from collections import defaultdict
from collections.abc import Iterator

from halles_local.invariants.sources import Sources

_TOTALS = """
SELECT o.order_id, o.total, p.parts, l.lines FROM orders AS o
JOIN (SELECT order_id, sum(total) AS parts FROM seller_orders GROUP BY 1) AS p USING (order_id)
JOIN (SELECT order_id, sum(amount) AS lines FROM order_lines GROUP BY 1) AS l USING (order_id)
WHERE o.total <> p.parts OR o.total <> l.lines
UNION ALL
SELECT s.seller_order_id, s.total, s.total, sum(l.amount) FROM seller_orders AS s JOIN order_lines AS l USING (seller_order_id)
GROUP BY 1, 2, 3 HAVING s.total <> sum(l.amount)
"""
_UNBALANCED = """
SELECT transaction_id, currency, sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) AS off
FROM ledger_entries GROUP BY 1, 2 HAVING sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0
"""
_BALANCES = """
SELECT a.path, a.currency, b.debits, b.credits, coalesce(e.debits, 0) AS real_debits, coalesce(e.credits, 0) AS real_credits
FROM account_balances AS b JOIN ledger_accounts AS a USING (account_id) LEFT JOIN (
    SELECT account_id, sum(amount) FILTER (WHERE side = 'debit') AS debits, sum(amount) FILTER (WHERE side = 'credit') AS credits
    FROM ledger_entries GROUP BY 1) AS e USING (account_id)
WHERE b.debits <> coalesce(e.debits, 0) OR b.credits <> coalesce(e.credits, 0)
"""
_HELD = """
SELECT path, b.credits - b.debits AS owed FROM account_balances AS b JOIN ledger_accounts USING (account_id)
WHERE path LIKE 'seller.%.held'
"""
_SETTLED = "SELECT order_id, seller_id, net, state, transfer_id FROM settlements"
_PAID = ("paid", "partially_refunded")


def i04_captured_money_belongs_to_a_confirmed_order(sources: Sources) -> Iterator[str]:
    states = {row["order_id"]: row["state"] for row in sources.rows("order", "SELECT order_id, state FROM sagas")}
    for row in sources.rows("payment", "SELECT order_id, state, amount FROM payments"):
        if row["state"] in _PAID and states.get(row["order_id"]) != "confirmed":
            yield f"{row['order_id']}: {row['amount']} captured, the order is {states.get(row['order_id'])}"


def i05_a_confirmed_order_is_paid_in_full(sources: Sources) -> Iterator[str]:
    paid = {row["order_id"]: row for row in sources.rows("payment", "SELECT order_id, state, amount FROM payments")}
    query = "SELECT order_id, total FROM orders JOIN sagas USING (order_id) WHERE state = 'confirmed'"
    for row in sources.rows("order", query):
        payment = paid.get(row["order_id"], {"state": "unknown", "amount": 0})
        if payment["state"] not in _PAID or payment["amount"] != row["total"]:
            yield f"{row['order_id']}: total {row['total']}, payment {payment['state']} {payment['amount']}"


def i06_orders_add_up(sources: Sources) -> Iterator[str]:
    for row in sources.rows("order", _TOTALS):
        yield f"{row['order_id']}: total {row['total']}, parts {row['parts']}, lines {row['lines']}"


def i07_the_ledger_balances(sources: Sources) -> Iterator[str]:
    for row in sources.rows("payment", _UNBALANCED):
        yield f"{row['transaction_id']} is off by {row['off']} {row['currency']}"
    for row in sources.rows("payment", _BALANCES):
        told = f"{row['debits']}/{row['credits']}, entries {row['real_debits']}/{row['real_credits']}"
        yield f"balance of {row['path']} {told}"
    held: dict[str, int] = defaultdict(int)
    for row in sources.rows("payment", _SETTLED):
        held[row["seller_id"]] += row["net"] if row["state"] in ("held", "blocked") else 0
    for row in sources.rows("payment", _HELD):
        seller = row["path"].split(".")[1]
        if row["owed"] != held[seller]:
            yield f"{seller}: ledger holds {row['owed']}, settlements {held[seller]}"


def i08_the_ledger_equals_the_providers_book(sources: Sources) -> Iterator[str]:
    book = sources.provider_book()
    yield from _charges(sources, book)
    yield from _transfers(sources, book)


def _charges(sources: Sources, book: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    theirs: dict[str, int] = defaultdict(int)
    for charge in book["charges"]:
        if charge["captured"]:
            group = str(charge["transfer_group"]).removeprefix("order_")
            theirs[group] += int(str(charge["amount_captured"])) - int(str(charge["amount_refunded"]))
    ours = {
        row["order_id"]: row["amount"]
        for row in sources.rows("payment", "SELECT order_id, amount, state FROM payments")
        if row["state"] in _PAID
    }
    for order_id in sorted({*theirs, *ours}):
        if theirs[order_id] != ours.get(order_id, 0):
            yield f"{order_id}: provider keeps {theirs[order_id]}, we booked {ours.get(order_id, 0)}"


def _transfers(sources: Sources, book: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    theirs = {str(transfer["id"]): int(str(transfer["amount"])) for transfer in book["transfers"]}
    ours = {row["transfer_id"]: row["net"] for row in sources.rows("payment", _SETTLED) if row["transfer_id"]}
    for transfer_id in sorted({*theirs, *ours}):
        if theirs.get(transfer_id) != ours.get(transfer_id):
            yield f"{transfer_id}: provider sent {theirs.get(transfer_id)}, we booked {ours.get(transfer_id)}"

"""Money in the stand-in: every movement is a balance transaction, and a balance is nothing but their sum."""

from dataclasses import dataclass

from standins.stripe.session import Session
from standins.stripe.shape import JsonObject

SETTLE_BALANCE = "settle_balance"
"""The planned job that reports funds that have become available; its subject is the account."""

_REPORT_SECONDS = 60

_REPORTING = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "refund_failure",
    "transfer": "transfer",
    "transfer_refund": "transfer_reversal",
    "topup": "topup",
    "payout": "payout",
    "payout_cancel": "payout_reversal",
}


@dataclass(frozen=True)
class Movement:
    """One entry: amount signed as the account sees it, in minor units; `fee` is what is withheld from it."""

    account: str
    currency: str
    amount: int
    kind: str
    source: str
    available_on: int
    fee: int = 0
    description: str | None = None


class Ledger:
    """Writes balance transactions and keeps each account's pending and available sums."""

    def __init__(self, session: Session, now: int) -> None:
        self._session = session
        self._now = now

    def post(self, movement: Movement) -> JsonObject:
        """Write the balance transaction and add it to the account's balance."""
        net = movement.amount - movement.fee
        body = self._session.add("balance_transaction", movement.account, self._body(movement, net))
        is_pending = movement.available_on > self._now
        pending, available = (net, 0) if is_pending else (0, net)
        self._session.connection.execute(
            "INSERT INTO balance (account, currency, pending, available) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET pending = pending + excluded.pending, available = available + excluded.available",
            (movement.account, movement.currency, pending, available),
        )
        if is_pending:
            self._session.connection.execute(
                "INSERT INTO unsettled (id, available_on, account, currency, net) VALUES (?, ?, ?, ?, ?)",
                (body["id"], movement.available_on, movement.account, movement.currency, net),
            )
            self._plan_report(movement)
        return body

    def balance(self, account: str) -> dict[str, tuple[int, int]]:
        """Return currency -> (pending, available) of the account now."""
        self.settle()
        rows = self._session.connection.execute(
            "SELECT currency, pending, available FROM balance WHERE account = ? ORDER BY currency", (account,)
        )
        return {row["currency"]: (row["pending"], row["available"]) for row in rows}

    def settle(self) -> None:
        """Move to available what has become available by now."""
        connection = self._session.connection
        due = connection.execute(
            "SELECT available_on, id, account, currency, net FROM unsettled WHERE available_on <= ?", (self._now,)
        ).fetchall()
        for row in due:
            connection.execute(
                "UPDATE balance SET pending = pending - ?, available = available + ? WHERE account = ? AND currency = ?",
                (row["net"], row["net"], row["account"], row["currency"]),
            )
            connection.execute(
                "DELETE FROM unsettled WHERE available_on = ? AND id = ?", (row["available_on"], row["id"])
            )

    def _plan_report(self, movement: Movement) -> None:
        """Plan one report per account and minute, however many entries become available in it."""
        due_at = -(-movement.available_on // _REPORT_SECONDS) * _REPORT_SECONDS
        self._session.connection.execute(
            "INSERT INTO job (kind, subject, due_at) SELECT ?1, ?2, ?3"
            " WHERE NOT EXISTS (SELECT 1 FROM job WHERE due_at = ?3 AND kind = ?1 AND subject = ?2)",
            (SETTLE_BALANCE, movement.account, due_at),
        )

    def _body(self, movement: Movement, net: int) -> JsonObject:
        return {
            "id": self._session.ids.next("txn"),
            "object": "balance_transaction",
            "amount": movement.amount,
            "available_on": movement.available_on,
            "balance_type": "payments",
            "created": self._now,
            "currency": movement.currency,
            "description": movement.description,
            "exchange_rate": None,
            "fee": movement.fee,
            "fee_details": _fee_details(movement),
            "net": net,
            "reporting_category": _REPORTING[movement.kind],
            "source": movement.source,
            "status": "pending",
            "type": movement.kind,
        }


def _fee_details(movement: Movement) -> list[JsonObject]:
    if movement.fee == 0:
        return []
    detail = {"amount": movement.fee, "application": None, "currency": movement.currency}
    return [detail | {"description": "Stripe stand-in processing fees", "type": "stripe_fee"}]

"""The mailbox in SQLite; the oldest messages leave when it is full."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

import orjson

from standins.database import write_transaction
from standins.mail.message import ParsedMail

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    headers BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS message_received ON message (received_at);
CREATE TABLE IF NOT EXISTS recipient (
    address TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    PRIMARY KEY (address, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recipient_message ON recipient (message_id);
"""


class Mailbox:
    """Keeps what came in; addresses are compared without regard to case."""

    def __init__(self, connection: sqlite3.Connection, *, kept: int) -> None:
        self._connection = connection
        self._kept = kept

    def add(self, mail: ParsedMail, recipients: list[str]) -> int:
        """Store one mail and return its number."""
        with write_transaction(self._connection) as connection:
            cursor = connection.execute(
                "INSERT INTO message (received_at, sender, subject, sent_at, body_text, body_html, headers)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (_now(), mail.sender, mail.subject, mail.date, mail.text, mail.html, orjson.dumps(mail.headers)),
            )
            number = int(cursor.lastrowid or 0)
            connection.executemany(
                "INSERT OR IGNORE INTO recipient (address, message_id) VALUES (?, ?)",
                [(address.lower(), number) for address in recipients],
            )
            connection.execute("DELETE FROM message WHERE id <= ?", (number - self._kept,))
        return number

    def listed(self, *, to: str | None, since: str | None, limit: int = 200) -> list[dict[str, Any]]:
        """Return the newest messages, to one address and received since a time if asked."""
        rows = self._connection.execute(
            "SELECT * FROM message m WHERE (? IS NULL OR m.id IN (SELECT message_id FROM recipient WHERE address = ?))"
            " AND (? IS NULL OR m.received_at >= ?) ORDER BY m.id DESC LIMIT ?",
            (to, (to or "").lower(), since, since, limit),
        )
        return [self._shape(row) for row in rows.fetchall()]

    def get(self, number: int) -> dict[str, Any] | None:
        """Return one message, or None."""
        row = self._connection.execute("SELECT * FROM message WHERE id = ?", (number,)).fetchone()
        return None if row is None else self._shape(row)

    def clear(self) -> int:
        """Delete everything and return how much it was."""
        return self._connection.execute("DELETE FROM message").rowcount

    def _shape(self, row: sqlite3.Row) -> dict[str, Any]:
        recipients = self._connection.execute(
            "SELECT address FROM recipient WHERE message_id = ? ORDER BY address", (row["id"],)
        )
        return {
            "id": row["id"],
            "from": row["sender"],
            "to": [recipient["address"] for recipient in recipients],
            "subject": row["subject"],
            "date": row["sent_at"],
            "received_at": row["received_at"],
            "text": row["body_text"],
            "html": row["body_html"],
            "headers": orjson.loads(row["headers"]),
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

"""Names for the JSON that crosses the stand-in; Stripe's objects are JSON first, so they stay JSON here."""

from typing import Any

JsonObject = dict[str, Any]

PLATFORM = ""
"""The account of resources that belong to the platform itself; connected accounts use their `acct_` id."""

API_VERSION = "2026-10-28.endive"
"""Answered when a request names no version, and sent in events."""

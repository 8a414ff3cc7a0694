"""HTTP routes of payment."""

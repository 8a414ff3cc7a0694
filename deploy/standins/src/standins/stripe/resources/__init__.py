"""One module per Stripe resource: its operations, its rules, its shape."""

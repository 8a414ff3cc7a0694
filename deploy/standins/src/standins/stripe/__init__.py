"""Stand-in for Stripe: stateful, deterministic, and reached by the real SDK through `base_addresses`. Not Stripe."""

"""Stand-ins for Stripe, mail and a carrier."""

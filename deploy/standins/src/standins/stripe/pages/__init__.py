"""Pages of the Stripe stand-in: dashboard, 3-D Secure, onboarding. Each says that it is not Stripe."""

"""What tests and operators may do to the stand-in under `/_control`; Stripe has nothing like it."""

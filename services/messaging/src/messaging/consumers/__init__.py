"""What each event makes messaging tell: one module per producing service, one handler that stores it."""

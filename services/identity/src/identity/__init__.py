"""Accounts, sessions, sellers."""

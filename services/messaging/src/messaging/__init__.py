"""Mails and notifications."""

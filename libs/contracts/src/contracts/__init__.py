"""The published language: events, topics, shared values."""

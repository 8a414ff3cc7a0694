"""Checks and generators of the workspace. Run from the root: `python -m scripts.<name>`."""

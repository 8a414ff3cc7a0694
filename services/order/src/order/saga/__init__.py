"""The checkout saga: one explicit table of states and triggers, and the code that runs it."""

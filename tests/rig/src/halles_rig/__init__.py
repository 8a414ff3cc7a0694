"""The fault rig: a whole market of its own, faults, clients with a journal, and checkers that run at rest."""

"""Our own rules, one per file, each with a test that plants a violation."""

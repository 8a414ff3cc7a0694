"""Help for tests: a stand-in as a real process on free ports, a receiver of callbacks, and a check of shapes."""

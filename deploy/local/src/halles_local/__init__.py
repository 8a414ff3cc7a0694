"""The local stack: servers, processes, seed, demo."""

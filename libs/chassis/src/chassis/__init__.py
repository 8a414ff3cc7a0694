"""Technical plumbing that every service uses."""

"""Technical plumbing that every service uses: how, never what."""

"""Every statement of messaging. Nothing here commits."""

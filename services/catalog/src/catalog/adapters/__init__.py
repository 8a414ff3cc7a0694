"""The outside world. Only this package imports opensearchpy, and only what serves search loads it."""

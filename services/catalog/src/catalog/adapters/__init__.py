"""The outside world. Only this package speaks to the search engine."""

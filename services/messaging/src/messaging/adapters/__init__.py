"""The outside world of messaging: the mail server, identity, catalogues of texts, templates."""

"""The site: server-rendered pages over the public API."""

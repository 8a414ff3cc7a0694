"""The broker, asked for its own figures."""

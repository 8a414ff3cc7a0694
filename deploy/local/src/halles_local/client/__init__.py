"""A client app of the public API, for the seed and the demo: it may use nothing but what every client may."""

"""Rules of carts and orders, without I/O."""

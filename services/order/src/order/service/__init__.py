"""Use cases of carts and checkout."""
